import { sql } from 'kysely'
import type { Commit } from '../directory-sync/index.ts'
import type { Database } from '../storage/index.ts'
import type { SessionId } from '../kernel/ids.ts'
import { recordEnded } from './app-sessions.ts'
import { deleteHomeSessions } from './home-sessions.ts'
import { BOUNDS } from './rate-limiters.ts'
import type { AccountsTables } from '../people/index.ts'

/**
 * Deletes expired rows and, above the limit per person, the sessions that were unused for the longest time. Returns the
 * ended app sessions. Cheap; run it every few minutes.
 */
export async function sweepAccounts(commit: Commit<AccountsTables>, nowMs: number): Promise<SessionId[]> {
  const { trx } = commit
  await trx.deleteFrom('handoff_codes').where('expires_at_ms', '<=', nowMs).execute()
  await trx.deleteFrom('cli_logins').where('expires_at_ms', '<=', nowMs).execute()
  await trx.deleteFrom('access_tokens').where('expires_at_ms', '<=', nowMs).execute()
  const withParents = await deleteHomeSessions(commit, await surplusHomeSessions(trx, nowMs))
  const expired = trx.deleteFrom('app_sessions').where('expires_at_ms', '<=', nowMs).returning('id')
  return [...withParents, ...recordEnded(commit, await expired.execute())]
}

async function surplusHomeSessions(trx: Database<AccountsTables>, nowMs: number): Promise<SessionId[]> {
  const ranked = trx
    .selectFrom('home_sessions')
    .select(['id', 'expires_at_ms'])
    .select(sql<number>`row_number() over (partition by user_id order by last_seen_at_ms desc)`.as('rank'))
  const rows = await trx
    .selectFrom(ranked.as('session'))
    .select('id')
    .where((e) => e.or([e('expires_at_ms', '<=', nowMs), e('rank', '>', BOUNDS.homeSessionsPerUser)]))
    .execute()
  return rows.map(({ id }) => id)
}
