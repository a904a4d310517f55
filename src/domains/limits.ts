const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/** Every bound on custom domains. */
export const DOMAIN_LIMITS = {
  /** RFC 1035, 2.3.4, without the dot of the root. */
  nameChars: 253,
  /** One look-up, over all name servers and attempts. */
  lookupMs: 5 * SECOND_MS,
  /** Checks of one run, so that a slow name server delays few. */
  checksPerRun: 20,
  pauseMs: 15 * SECOND_MS,
  /** Between two checks of one domain: a quarter of the time that its owner has waited, within these bounds. */
  checkPauseMs: { min: 15 * SECOND_MS, max: 30 * MINUTE_MS },
  /** How long checks run by themselves; afterwards only the owner starts one (COMPAT 6.6). */
  checkedForMs: 24 * HOUR_MS,
} as const
