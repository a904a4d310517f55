import type { Commit } from '../directory-sync/index.ts'
import type { Database } from '../storage/index.ts'
import { digestOf, newId, newSecret, type SessionId, type UserId } from '../kernel/ids.ts'
import { SESSION_COLUMNS, appSession, recordEnded } from './app-sessions.ts'
import { describeUserAgent } from './user-agent-label.ts'
import { BOUNDS } from './rate-limiters.ts'
import type { AccountsTables, User } from '../people/index.ts'

type Accounts = Database<AccountsTables>
type AccountsCommit = Commit<AccountsTables>

export interface NewHomeSession {
  readonly id: SessionId
  /** The cookie's value; only its digest is stored. */
  readonly secret: string
  readonly expiresAtMs: number
}

export interface HomeSession {
  readonly id: SessionId
  readonly user: User
  readonly expiresAtMs: number
  /** The recorded last use is old: call `prolongHomeSession`. */
  readonly isDue: boolean
}

export interface HomeSessionInfo {
  readonly id: SessionId
  /** Such as `Firefox on Linux`. */
  readonly device: string
  readonly userAgent: string
  readonly createdAtMs: number
  readonly lastSeenAtMs: number
}

/** Signs a person in, until 30 days after the last visit (COMPAT 1.2). `network`: the browser's network (`clientNetwork`). */
export async function createHomeSession(
  db: Accounts,
  { userId, userAgent, network = '' }: { userId: UserId; userAgent: string; network?: string },
  nowMs: number,
): Promise<NewHomeSession> {
  const session = {
    id: newId<SessionId>('ses'),
    secret: newSecret(),
    expiresAtMs: nowMs + BOUNDS.sessionLifeMs,
  }
  const row = {
    id: session.id,
    user_id: userId,
    secret_digest: digestOf(session.secret),
    user_agent: userAgent.slice(0, BOUNDS.userAgentChars),
    network,
    created_at_ms: nowMs,
    last_seen_at_ms: nowMs,
    expires_at_ms: session.expiresAtMs,
  }
  await db.insertInto('home_sessions').values(row).execute()
  return session
}

/** The session of a cookie's value, or null for any other value. */
export async function getHomeSession(
  db: Accounts,
  secret: string,
  nowMs: number,
): Promise<HomeSession | null> {
  const row = await db
    .selectFrom('home_sessions as session')
    .innerJoin('users as user', 'user.id', 'session.user_id')
    .select(['session.id', 'last_seen_at_ms', 'expires_at_ms', 'user.id as userId', 'username', 'email'])
    .where('secret_digest', '=', digestOf(secret))
    .where('expires_at_ms', '>', nowMs)
    .executeTakeFirst()
  if (!row) return null
  const user = { id: row.userId, username: row.username, email: row.email }
  const isDue = nowMs - row.last_seen_at_ms >= BOUNDS.sessionTouchMs
  return { id: row.id, user, expiresAtMs: row.expires_at_ms, isDue }
}

/** A session expires 30 days after its last use, and so do its app sessions. */
export function prolongHomeSession(commit: AccountsCommit, id: SessionId, nowMs: number): Promise<void> {
  return prolongHomeSessions(commit, [id], nowMs)
}

/** The values that are, or were, secrets of sessions, in their order: one query, also for hundreds of invented values. */
export async function knownHomeSecrets(db: Accounts, secrets: readonly string[]): Promise<readonly string[]> {
  if (secrets.length < 2) return secrets
  const digests = secrets.map(digestOf)
  const rows = db.selectFrom('home_sessions').select('secret_digest').where('secret_digest', 'in', digests)
  const known = new Set((await rows.execute()).map(({ secret_digest }) => secret_digest))
  return secrets.filter((_, at) => known.has(digests[at]!))
}

/** Whether a session is still valid, for streams that outlive their request. */
export async function isHomeSession(db: Accounts, id: SessionId, nowMs: number): Promise<boolean> {
  const rows = db.selectFrom('home_sessions').select('id').where('id', '=', id)
  return (await rows.where('expires_at_ms', '>', nowMs).executeTakeFirst()) !== undefined
}

/** Prolongs the sessions of Home of used app sessions, at most every ten minutes. */
export async function prolongUsedSessions(
  commit: AccountsCommit,
  appSessionIds: readonly string[],
  nowMs: number,
): Promise<void> {
  if (appSessionIds.length === 0) return
  const used = await commit.trx
    .selectFrom('app_sessions')
    .innerJoin('home_sessions as home', 'home.id', 'home_session_id')
    .select('home.id')
    .distinct()
    .where('app_sessions.id', 'in', appSessionIds.slice(0, BOUNDS.sessionsProlongedAtOnce) as SessionId[])
    .where('home.expires_at_ms', '>', nowMs)
    .where('home.last_seen_at_ms', '<=', nowMs - BOUNDS.sessionTouchMs)
    .execute()
  await prolongHomeSessions(
    commit,
    used.map(({ id }) => id),
    nowMs,
  )
}

async function prolongHomeSessions(
  commit: AccountsCommit,
  ids: readonly SessionId[],
  nowMs: number,
): Promise<void> {
  if (ids.length === 0) return
  const { trx } = commit
  const expires = { expires_at_ms: nowMs + BOUNDS.sessionLifeMs }
  await trx
    .updateTable('home_sessions')
    .set({ ...expires, last_seen_at_ms: nowMs })
    .where('id', 'in', ids)
    .execute()
  const rows = trx.updateTable('app_sessions').set(expires).where('home_session_id', 'in', ids)
  for (const row of await rows.returning(SESSION_COLUMNS).execute())
    commit.record({ op: 'session.put', session: appSession(row) })
}

/** The sessions of a person, most recently used first. */
export async function listHomeSessions(
  db: Accounts,
  userId: UserId,
  nowMs: number,
): Promise<HomeSessionInfo[]> {
  const rows = await db
    .selectFrom('home_sessions')
    .select(['id', 'user_agent', 'created_at_ms', 'last_seen_at_ms'])
    .where('user_id', '=', userId)
    .where('expires_at_ms', '>', nowMs)
    .orderBy('last_seen_at_ms', 'desc')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    device: describeUserAgent(row.user_agent),
    userAgent: row.user_agent,
    createdAtMs: row.created_at_ms,
    lastSeenAtMs: row.last_seen_at_ms,
  }))
}

/**
 * Ends one session of a person (`only`), all except one (`except`), or all, with their app sessions. Returns the ended app
 * sessions.
 */
export async function endHomeSessions(
  commit: AccountsCommit,
  { userId, only, except }: { userId: UserId; only?: SessionId; except?: SessionId },
): Promise<SessionId[]> {
  const sessions = await commit.trx
    .selectFrom('home_sessions')
    .select('id')
    .where('user_id', '=', userId)
    .execute()
  const ids = sessions
    .map(({ id }) => id)
    .filter((id) => id !== except && (only === undefined || id === only))
  return deleteHomeSessions(commit, ids)
}

/** Deletes sessions by id with their app sessions and hand-off codes. Returns the ended app sessions. */
export async function deleteHomeSessions(
  commit: AccountsCommit,
  ids: readonly SessionId[],
): Promise<SessionId[]> {
  if (ids.length === 0) return []
  const { trx } = commit
  const children = trx.deleteFrom('app_sessions').where('home_session_id', 'in', ids).returning('id')
  const ended = recordEnded(commit, await children.execute())
  await trx.deleteFrom('home_sessions').where('id', 'in', ids).execute()
  return ended
}
