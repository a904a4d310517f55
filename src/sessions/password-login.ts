import { clientNetwork } from '../kernel/client-network.ts'
import type { Database } from '../storage/index.ts'
import { unauthorized } from '../kernel/http-error.ts'
import { requireAttempt } from '../kernel/attempt-limiter.ts'
import type { UserId } from '../kernel/ids.ts'
import type { Limits } from './rate-limiters.ts'
import { type AccountsTables, getUser, getUserByPassword, type User } from '../people/index.ts'

export interface PasswordLogin {
  /** Username or e-mail address. */
  readonly login: string
  readonly password: string
  /** Address of the client, as the gateway saw it. */
  readonly client: string
  /** Whose browser this has been before. */
  readonly devices?: readonly KnownDevice[]
}

/** A browser in which a person has signed in before. */
export interface KnownDevice {
  readonly id: string
  readonly userId: UserId
}

/** The person who signs in. Throws `unauthorized` for a wrong name or password alike, `rate_limited` after too many. */
export async function logIn(
  db: Database<AccountsTables>,
  limits: Limits,
  { login, password, client, devices = [] }: PasswordLogin,
  nowMs: number,
): Promise<User> {
  const device = await ownDevice(db, devices, login)
  return limits.passwordChecks.run(device ? 'known' : 'stranger', async () => {
    const counters: Counters = device
      ? [[limits.logInByDevice, device.id]]
      : [
          [limits.logInByClient, clientNetwork(client)],
          [limits.logInByName, login.toLowerCase()],
        ]
    requireAttempt(counters, nowMs)
    const user = await getUserByPassword(db, login, password)
    if (!user) throw unauthorized('Wrong username or password.')
    for (const [limiter, key] of counters) limiter.refund(key)
    return user
  })
}

type Counters = Parameters<typeof requireAttempt>[0]

/** The device of the very person whose name was typed: on others it is a stranger like any other. */
async function ownDevice(
  db: Database<AccountsTables>,
  devices: readonly KnownDevice[],
  login: string,
): Promise<KnownDevice | null> {
  for (const device of devices) {
    const user = await getUser(db, device.userId)
    const names = [user?.username, user?.email].map((name) => name?.toLowerCase())
    if (names.includes(login.toLowerCase())) return device
  }
  return null
}
