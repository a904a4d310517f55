/** Every limit of the Spacefile. Numbers without a comment are the original's (COMPAT 2). */
export const SPACEFILE_LIMITS = {
  /** Ours: the largest published Spacefile has 6 kB; parsing larger files would take too long. */
  textBytes: 256 * 1024,
  /** Ours: deeper nesting than the format has can only be an attack on the parser's stack. */
  depth: 16,
  /** Ours: more than a person reads before fixing the first one. */
  diagnostics: 50,
  micros: 5,
  appNameLength: 12,
  /** Ours: a micro's name becomes a folder and a log field. */
  microNameLength: 64,
  /** Ours, per list: the number that the gateway's benchmarks use. */
  routes: 1_000,
  routeLength: 512,
  /** Ours, per list: commands, includes, environment entries. */
  listItems: 1_000,
  /** Ours: a day; longer streams must reconnect. */
  drainSeconds: 24 * 60 * 60,
  actionsPerMicro: 5,
  actionDescriptionLength: 142,
} as const
