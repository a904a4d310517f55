import { type AttemptLimiter, createAttemptLimiter } from '../kernel/attempt-limiter.ts'
import { createReplayGuard, type ReplayGuard } from './replay-guard.ts'
import { createConcurrencyLimit, type ConcurrencyLimit } from '../kernel/concurrency-limit.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** Every bound and lifetime of this room. */
export const BOUNDS = {
  sessionLifeMs: 30 * DAY_MS,
  /** A session's last use is written at most this often. */
  sessionTouchMs: 10 * MINUTE_MS,
  homeSessionsPerUser: 100,
  /** Of one report of uses; the others are seen at their next use. */
  sessionsProlongedAtOnce: 10_000,
  /** Sessions of one browser on one host; more than one only when tabs signed in side by side. */
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
  /** From a signature to the end of the body that it covers. So long it is remembered, too. */
  signedBodyMs: 2 * HOUR_MS,
  rememberedSignatures: 50_000,
  /**
   * Clients sign whole seconds, so two equal requests within one have one signature. While it is this young it may come
   * this often; then it is good once.
   */
  repeatableSignatureMs: 2_000,
  repeatsOfSignature: 8,
  cliLoginLifeMs: 10 * MINUTE_MS,
  pendingCliLogins: 2_000,
  /** Each takes 19 MB. */
  passwordChecksAtOnce: 16,
  /** Of those, how many are kept for browsers in which the person has signed in before. */
  passwordChecksForDevices: 4,
  /** Of a chosen code, before a random one replaces it. */
  wrongSetupCodes: 1_000,
} as const

/** What must be remembered of attempts. One value that lives as long as the server, in memory of a fixed size. */
export interface Limits {
  readonly setupByClient: AttemptLimiter
  readonly logInByClient: AttemptLimiter
  readonly logInByName: AttemptLimiter
  /** Of browsers in which that person has signed in before, in place of the two above. */
  readonly logInByDevice: AttemptLimiter
  readonly cliLoginByClient: AttemptLimiter
  readonly userCodeByUser: AttemptLimiter
  readonly passwordChecks: ConcurrencyLimit
  readonly signatures: ReplayGuard
  /** What was signed before may have been received by the server that ran before this one, and is not remembered. */
  readonly startedAtMs: number
}

/**
 * A name is harder to close than an address: one stranger who tries and tries from one address closes that address
 * long before the name, so the owner can still sign in from elsewhere.
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
