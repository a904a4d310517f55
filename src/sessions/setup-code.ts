import { ConfigError } from '../config/index.ts'
import { HttpError, unauthorized } from '../kernel/http-error.ts'
import { isSameSecret, randomText } from '../kernel/ids.ts'
import { clientKey, requireAttempt } from '../kernel/attempt-limiter.ts'
import { BOUNDS, type Limits } from './rate-limiters.ts'

export interface SetupCode {
  /** What the owner types: shown in the terminal, never logged. */
  readonly code: string
  /** Throws `unauthorized` for a wrong code, `rate_limited` after too many. */
  check(candidate: string, client: string, nowMs: number): void
}

/** Without look-alikes; eight of these are 40 random bits. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const MIN_CHARS = 6

/**
 * Keeps a passer-by from becoming the owner of a fresh server. `chosen` replaces the random code; throws ConfigError
 * when it is too short. Case, blanks and hyphens do not count.
 */
export function createSetupCode(limits: Limits, chosen?: string): SetupCode {
  const code = chosen ?? `${randomText(4, ALPHABET)}-${randomText(4, ALPHABET)}`
  const plain = plainCode(code)
  if (plain.length < MIN_CHARS)
    throw new ConfigError(`The set-up code needs at least ${MIN_CHARS} letters or digits.`)
  let wrong = 0
  return {
    code,
    check: (candidate, client, nowMs) => {
      if (wrong >= BOUNDS.wrongSetupCodes)
        throw new HttpError(429, 'rate_limited', 'Too many wrong codes. Restart the server for a new one.')
      requireAttempt([[limits.setupByClient, clientKey(client)]], nowMs)
      if (!isSameSecret(plainCode(candidate), plain)) {
        wrong += 1
        throw unauthorized('That is not the set-up code. It is in the terminal that runs the server.')
      }
      limits.setupByClient.refund(clientKey(client))
    },
  }
}

const plainCode = (code: string) => code.toUpperCase().replace(/[\s-]/g, '')
