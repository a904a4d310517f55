import { ConfigError } from '../config/index.ts'
import { clientNetwork } from '../kernel/client-network.ts'
import { unauthorized } from '../kernel/http-error.ts'
import { isSameSecret, randomText } from '../kernel/ids.ts'
import { requireAttempt } from '../kernel/attempt-limiter.ts'
import { BOUNDS, type Limits } from './rate-limiters.ts'

export interface SetupCode {
  /** The code for the owner, shown in the terminal. Only a code that replaces a chosen one is logged. */
  readonly code: string
  /** Throws `unauthorized` for a wrong code, `rate_limited` after too many attempts. */
  check(candidate: string, client: string, nowMs: number): void
}

/** Characters without look-alikes; eight of them are 40 random bits. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const MIN_CHARS = 6

/**
 * Keeps strangers from becoming the owner of a new server. `chosen` replaces the random code; throws ConfigError if it is
 * too short. Case, spaces and hyphens are ignored.
 *
 * Wrong codes never close set-up, because strangers could then lock the owner out. Forty random bits need no limit besides
 * the rate limit per network. A chosen code may be a word: after `BOUNDS.wrongSetupCodes` wrong codes, a random code
 * replaces it, and `onReplaced` shows the new code to the operator.
 */
export function createSetupCode(
  limits: Limits,
  chosen?: string,
  onReplaced: (code: string) => void = () => {},
): SetupCode {
  const code = chosen ?? randomCode()
  let plain = plainCode(code)
  if (plain.length < MIN_CHARS)
    throw new ConfigError(`The set-up code must have at least ${MIN_CHARS} letters or digits.`)
  let guessesLeft: number = chosen === undefined ? Infinity : BOUNDS.wrongSetupCodes
  const countWrong = () => {
    guessesLeft -= 1
    if (guessesLeft > 0) return
    const replacement = randomCode()
    plain = plainCode(replacement)
    guessesLeft = Infinity
    onReplaced(replacement)
  }
  return {
    code,
    check: (candidate, client, nowMs) => {
      requireAttempt([[limits.setupByClient, clientNetwork(client)]], nowMs)
      if (!isSameSecret(plainCode(candidate), plain)) {
        countWrong()
        throw unauthorized('The set-up code is wrong. The terminal that runs the server shows the code.')
      }
      limits.setupByClient.refund(clientNetwork(client))
    },
  }
}

const randomCode = () => `${randomText(4, ALPHABET)}-${randomText(4, ALPHABET)}`

const plainCode = (code: string) => code.toUpperCase().replace(/[\s-]/g, '')
