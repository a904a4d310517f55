import type { Commit } from '../directory-sync/index.ts'
import type { Database } from '../storage/index.ts'
import { digestOf, type InstanceId, newId, newSecret, type SessionId, type UserId } from '../kernel/ids.ts'
import { BOUNDS } from './rate-limiters.ts'
import type { AccountsTables } from '../people/index.ts'

type Accounts = Database<AccountsTables>
type AccountsCommit = Commit<AccountsTables>

/** A session on one app host, in the form that gateways use. */
export interface AppSession {
  readonly id: SessionId
  readonly digest: string
  readonly instanceId: InstanceId
  readonly userId: UserId
  readonly expiresAtMs: number
}

export interface AppSessionOrigin {
  readonly homeSessionId: SessionId
  readonly userId: UserId
  readonly instanceId: InstanceId
  readonly host: string
}

/**
 * Adds a session that expires no later than its session of Home, and ends the oldest sessions of the same browser on the
 * same host above the limit. Null if the session of Home has ended.
 */
export async function createAppSession(
  commit: AccountsCommit,
  origin: AppSessionOrigin,
  nowMs: number,
): Promise<{ session: AppSession; secret: string; ended: SessionId[] } | null> {
  const { trx } = commit
  const parent = await trx
    .selectFrom('home_sessions')
    .select('expires_at_ms')
    .where('id', '=', origin.homeSessionId)
    .where('user_id', '=', origin.userId)
    .where('expires_at_ms', '>', nowMs)
    .executeTakeFirst()
  if (!parent) return null
  const ended = await endOldest(commit, origin)
  const secret = newSecret()
  const row = {
    id: newId<SessionId>('ses'),
    home_session_id: origin.homeSessionId,
    user_id: origin.userId,
    instance_id: origin.instanceId,
    host: origin.host,
    secret_digest: digestOf(secret),
    created_at_ms: nowMs,
    expires_at_ms: parent.expires_at_ms,
  }
  await trx.insertInto('app_sessions').values(row).execute()
  const session = appSession(row)
  commit.record({ op: 'session.put', session })
  return { session, secret, ended }
}

async function endOldest(
  commit: AccountsCommit,
  { homeSessionId, host }: AppSessionOrigin,
): Promise<SessionId[]> {
  const { trx } = commit
  const surplus = trx
    .selectFrom('app_sessions')
    .select('id')
    .where('home_session_id', '=', homeSessionId)
    .where('host', '=', host)
    .orderBy('created_at_ms', 'desc')
    .limit(-1)
    .offset(BOUNDS.appSessionsPerBrowserAndHost - 1)
  return recordEnded(
    commit,
    await trx.deleteFrom('app_sessions').where('id', 'in', surplus).returning('id').execute(),
  )
}

/** Every valid app session, for a new gateway. */
export async function listAppSessions(db: Accounts, nowMs: number): Promise<AppSession[]> {
  const rows = db.selectFrom('app_sessions').select(SESSION_COLUMNS).where('expires_at_ms', '>', nowMs)
  return (await rows.execute()).map(appSession)
}

/** The app sessions of a person, by their session of Home. */
export async function listAppSessionsOfUser(
  db: Accounts,
  userId: UserId,
  nowMs: number,
): Promise<{ homeSessionId: SessionId; instanceId: InstanceId }[]> {
  return db
    .selectFrom('app_sessions')
    .select(['home_session_id as homeSessionId', 'instance_id as instanceId'])
    .distinct()
    .where('user_id', '=', userId)
    .where('expires_at_ms', '>', nowMs)
    .execute()
}

/** Ends the session of one app host by its cookie's value; returns its id, or null if there is none. */
export async function endAppSession(
  commit: AccountsCommit,
  { secret, instanceId }: { secret: string; instanceId: InstanceId },
): Promise<SessionId | null> {
  const deletion = commit.trx
    .deleteFrom('app_sessions')
    .where('secret_digest', '=', digestOf(secret))
    .where('instance_id', '=', instanceId)
  return recordEnded(commit, await deletion.returning('id').execute())[0] ?? null
}

/** Ends every session on a deleted instance, and its pending hand-offs. */
export async function endAppSessionsOf(commit: AccountsCommit, instanceId: InstanceId): Promise<SessionId[]> {
  const { trx } = commit
  await trx.deleteFrom('handoff_codes').where('instance_id', '=', instanceId).execute()
  const rows = trx.deleteFrom('app_sessions').where('instance_id', '=', instanceId).returning('id')
  return recordEnded(commit, await rows.execute())
}

/** Ends every session on a host that was removed or moved to another app, and its pending hand-offs. */
export async function endAppSessionsAt(commit: AccountsCommit, host: string): Promise<SessionId[]> {
  const { trx } = commit
  await trx.deleteFrom('handoff_codes').where('host', '=', host).execute()
  const rows = await trx.deleteFrom('app_sessions').where('host', '=', host).returning('id').execute()
  return recordEnded(commit, rows)
}

/** Records deleted app sessions for the gateways, and returns their ids. */
export function recordEnded(commit: AccountsCommit, rows: readonly { id: SessionId }[]): SessionId[] {
  const ids = rows.map(({ id }) => id)
  commit.record(...ids.map((id) => ({ op: 'session.delete', id }) as const))
  return ids
}

/** A session as gateways need it. */
export const SESSION_COLUMNS = ['id', 'secret_digest', 'instance_id', 'user_id', 'expires_at_ms'] as const

type SessionRow = Pick<AccountsTables['app_sessions'], (typeof SESSION_COLUMNS)[number]>

export const appSession = (row: SessionRow): AppSession => ({
  id: row.id,
  digest: row.secret_digest,
  instanceId: row.instance_id,
  userId: row.user_id,
  expiresAtMs: row.expires_at_ms,
})
