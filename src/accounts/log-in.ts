import type { Database } from '../db/index.ts'
import { unauthorized } from '../http-error.ts'
import { clientKey, requireAttempt } from './attempt-limiter.ts'
import type { Limits } from './limits.ts'
import type { AccountsTables } from './schema.ts'
import { getUserByPassword, type User } from './users.ts'

export interface LogIn {
  /** Username or e-mail address. */
  readonly login: string
  readonly password: string
  /** Address of the client, as the gateway saw it. */
  readonly client: string
}

/** The person who signs in. Throws `unauthorized` for a wrong name or password alike, `rate_limited` after too many. */
export function logIn(
  db: Database<AccountsTables>,
  limits: Limits,
  { login, password, client }: LogIn,
  nowMs: number,
): Promise<User> {
  return limits.passwordChecks.run(async () => {
    const byClient = [limits.logInByClient, clientKey(client)] as const
    const byName = [limits.logInByName, login.toLowerCase()] as const
    requireAttempt([byClient, byName], nowMs)
    const user = await getUserByPassword(db, login, password)
    if (!user) throw unauthorized('Wrong username or password.')
    for (const [limiter, key] of [byClient, byName]) limiter.refund(key)
    return user
  })
}
