import { clientAddress, clientNetwork, isLoopback } from '../kernel/client-network.ts'
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
  /** The person who has signed in with this browser before. */
  readonly devices?: readonly KnownDevice[]
}

/** A browser in which a person has signed in before. */
export interface KnownDevice {
  readonly id: string
  readonly userId: UserId
}

/** The person who signs in. Throws `unauthorized` for a wrong name or password, `rate_limited` after too many attempts. */
export async function logIn(
  db: Database<AccountsTables>,
  limits: Limits,
  { login, password, client, devices = [] }: PasswordLogin,
  nowMs: number,
): Promise<User> {
  const device = await ownDevice(db, devices, login)
  const network = clientNetwork(client)
  const isKnown = device !== null || (await isOwnNetwork(db, client, login, nowMs))
  return limits.passwordChecks.run(isKnown ? 'known' : 'stranger', async () => {
    const counters = countersOf(limits, { device, network, isKnown, login })
    requireAttempt(counters, nowMs)
    const user = await getUserByPassword(db, login, password)
    if (!user) throw unauthorized('Wrong username or password.')
    for (const [limiter, key] of counters) limiter.refund(key)
    return user
  })
}

/**
 * The keys of an attempt. Strangers share the counter of a name and can therefore block it, so a known device or network
 * of the person has a counter of its own.
 */
function countersOf(
  limits: Limits,
  attempt: { device: KnownDevice | null; network: string; isKnown: boolean; login: string },
): Counters {
  if (attempt.device) return [[limits.logInByDevice, attempt.device.id]]
  const byClient = [limits.logInByClient, attempt.network] as const
  return attempt.isKnown ? [byClient] : [byClient, [limits.logInByName, attempt.login.toLowerCase()]]
}

/**
 * Whether that person is signed in from this network, for example at home with a new phone. Loopback does not count:
 * behind a proxy that is not trusted, every client comes from loopback.
 */
async function isOwnNetwork(
  db: Database<AccountsTables>,
  client: string,
  login: string,
  nowMs: number,
): Promise<boolean> {
  const address = clientAddress(client)
  if (address === null || isLoopback(address)) return false
  const session = db
    .selectFrom('home_sessions')
    .innerJoin('users', 'users.id', 'home_sessions.user_id')
    .select('home_sessions.id')
    .where('home_sessions.network', '=', clientNetwork(address))
    .where('home_sessions.expires_at_ms', '>', nowMs)
    .where(login.includes('@') ? 'users.email' : 'users.username', '=', login.toLowerCase())
  return (await session.executeTakeFirst()) !== undefined
}

type Counters = Parameters<typeof requireAttempt>[0]

/** The device, if it belongs to the person whose name was entered; for other names it is unknown. */
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
