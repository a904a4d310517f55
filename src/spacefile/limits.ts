/** Every bound of the Spacefile in one place; the numbers without a comment are the original's (COMPAT 2). */
export const SPACEFILE_LIMITS = {
  /** Ours: the largest published Spacefile is 6 kB; beyond this a parse would take longer than a person waits. */
  textBytes: 256 * 1024,
  /** Ours: anything deeper than the format itself can only be an attack on the parser's stack. */
  depth: 16,
  /** Ours: what a person reads before fixing the first one. */
  diagnostics: 50,
  micros: 5,
  appNameLength: 12,
  /** Ours: a micro's name becomes a folder and a log field. */
  microNameLength: 64,
  /** Ours, per list: what the gateway is measured with. */
  routes: 1_000,
  routeLength: 512,
  /** Ours, per list: commands, includes, environment entries. */
  listItems: 1_000,
  /** Ours: a day; longer streams begin again. */
  drainSeconds: 24 * 60 * 60,
  actionsPerMicro: 5,
  actionDescriptionLength: 142,
} as const
