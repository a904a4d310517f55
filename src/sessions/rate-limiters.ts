import { type AttemptLimiter, createAttemptLimiter } from '../kernel/attempt-limiter.ts'
import { createReplayGuard, type ReplayGuard } from './replay-guard.ts'
import { createConcurrencyLimit, type ConcurrencyLimit } from '../kernel/concurrency-limit.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** Every limit and lifetime of this module. */
export const BOUNDS = {
  sessionLifeMs: 30 * DAY_MS,
  /** Minimum time between two writes of a session's last use. */
  sessionTouchMs: 10 * MINUTE_MS,
  homeSessionsPerUser: 100,
  /** Sessions per report of uses; the others follow with their next use. */
  sessionsProlongedAtOnce: 10_000,
  /** Sessions of one browser on one host; more than one only if tabs signed in at the same time. */
  appSessionsPerBrowserAndHost: 5,
  handoffCodeLifeMs: MINUTE_MS,
  handoffCodesPerHomeSession: 50,
  returnPathChars: 8_192,
  accessTokenLifeMs: 365 * DAY_MS,
  accessTokensPerUser: 200,
  tokenTouchMs: 10 * MINUTE_MS,
  nameChars: 64,
  userAgentChars: 300,
  signatureSkewMs: 5 * MINUTE_MS,
  /** Time from a signature to the end of its body. The signature is remembered for this time. */
  signedBodyMs: 2 * HOUR_MS,
  rememberedSignatures: 50_000,
  /**
   * Clients sign whole seconds, so two equal requests within one second have the same signature. A signature of at most
   * this age may be used this number of times, an older one once.
   */
  repeatableSignatureMs: 2_000,
  repeatsOfSignature: 8,
  cliLoginLifeMs: 10 * MINUTE_MS,
  pendingCliLogins: 2_000,
  /** Parallel password checks; each uses 19 MB. */
  passwordChecksAtOnce: 16,
  /** Checks reserved for browsers in which the person has signed in before. */
  passwordChecksForDevices: 4,
  /** Wrong codes after which a random code replaces a chosen one. */
  wrongSetupCodes: 1_000,
} as const

/** The counters of attempts. One value for the lifetime of the server, in memory of a fixed size. */
export interface Limits {
  readonly setupByClient: AttemptLimiter
  readonly logInByClient: AttemptLimiter
  readonly logInByName: AttemptLimiter
  /** For browsers in which the person has signed in before, instead of the two above. */
  readonly logInByDevice: AttemptLimiter
  readonly cliLoginByClient: AttemptLimiter
  readonly userCodeByUser: AttemptLimiter
  readonly passwordChecks: ConcurrencyLimit
  readonly signatures: ReplayGuard
  /** Signatures from before this time may have been used with the previous server process, which is not remembered. */
  readonly startedAtMs: number
}

/**
 * A name takes more attempts to block than an address: a stranger who tries from one address blocks that address long
 * before the name, so the owner can still sign in from elsewhere.
 */
export function createLimits(startedAtMs: number): Limits {
  return {
    setupByClient: createAttemptLimiter({ free: 5, maxDelayMs: MINUTE_MS, forgetMs: HOUR_MS }),
    logInByClient: createAttemptLimiter({ free: 5, maxDelayMs: 5 * MINUTE_MS, forgetMs: HOUR_MS }),
    logInByName: createAttemptLimiter({ free: 20, maxDelayMs: MINUTE_MS, forgetMs: HOUR_MS }),
    logInByDevice: createAttemptLimiter({ free: 10, maxDelayMs: MINUTE_MS, forgetMs: HOUR_MS }),
    cliLoginByClient: createAttemptLimiter({ free: 10, maxDelayMs: MINUTE_MS, forgetMs: 10 * MINUTE_MS }),
    userCodeByUser: createAttemptLimiter({ free: 10, maxDelayMs: MINUTE_MS, forgetMs: HOUR_MS }),
    passwordChecks: createConcurrencyLimit({
      places: BOUNDS.passwordChecksAtOnce,
      reserved: BOUNDS.passwordChecksForDevices,
    }),
    signatures: createReplayGuard(BOUNDS.rememberedSignatures),
    startedAtMs,
  }
}
