import type { Commit } from '../directory-sync/index.ts'
import { sql } from 'kysely'
import { type Database, transaction } from '../storage/index.ts'
import { invalid, unauthorized } from '../kernel/http-error.ts'
import { digestOf, type InstanceId, isSameSecret, newSecret, type SessionId } from '../kernel/ids.ts'
import { type AppSession, type AppSessionOrigin, createAppSession } from './app-sessions.ts'
import { BOUNDS } from './rate-limiters.ts'
import { safeReturnPath } from './safe-redirect.ts'
import type { AccountsTables } from '../people/index.ts'

type Accounts = Database<AccountsTables>

/** The person and the target. The caller has checked that the person may open this instance, and that `host` is its host. */
export interface Handoff extends AppSessionOrigin {
  /** base64url(SHA-256(`space_login` cookie)), from the app host's redirect. */
  readonly challenge: string
  readonly returnTo: string
}

export type Redeemed =
  | {
      readonly kind: 'signed-in'
      readonly session: AppSession
      /** Value of the app host's session cookie. */
      readonly secret: string
      /** Path and query on the app host. */
      readonly returnTo: string
      /** Older app sessions of the same browser that were ended. */
      readonly ended: readonly SessionId[]
    }
  | {
      readonly kind: 'refused'
      readonly reason: 'unknown' | 'expired' | 'other-host' | 'other-browser' | 'signed-out'
    }

/**
 * A one-time code that creates an app session from a session of Home within 60 s. The code is valid on this host only, and
 * only in the browser whose pre-login cookie has the challenge as its digest: a leaked code is useless, and so is a code
 * that an attacker sends to a victim (login CSRF). Throws `invalid` for an invalid challenge.
 */
export async function issueHandoffCode(db: Accounts, handoff: Handoff, nowMs: number): Promise<string> {
  if (!/^[A-Za-z0-9_-]{43}$/.test(handoff.challenge)) throw invalid('The challenge is not a SHA-256 digest.')
  const code = newSecret()
  const row = {
    code_digest: digestOf(code),
    home_session_id: handoff.homeSessionId,
    user_id: handoff.userId,
    instance_id: handoff.instanceId,
    host: handoff.host,
    challenge: handoff.challenge,
    return_to: safeReturnPath(handoff.returnTo),
    expires_at_ms: nowMs + BOUNDS.handoffCodeLifeMs,
  }
  await transaction(db, async (trx) => {
    await makeRoom(trx, handoff.homeSessionId, nowMs)
    await requireSession(trx, handoff, nowMs)
    await trx.insertInto('handoff_codes').values(row).execute()
  })
  return code
}

/**
 * A page can make the browser request codes in a loop. The oldest codes are evicted, which does not affect honest
 * hand-offs, since they take less than a second. Refusing new codes would let that page lock the person out of all apps.
 */
async function makeRoom(trx: Accounts, homeSessionId: SessionId, nowMs: number): Promise<void> {
  await trx.deleteFrom('handoff_codes').where('expires_at_ms', '<=', nowMs).execute()
  const surplus = trx
    .selectFrom('handoff_codes')
    .select('code_digest')
    .where('home_session_id', '=', homeSessionId)
    .orderBy('expires_at_ms', 'desc')
    .orderBy(sql`rowid`, 'desc')
    .offset(BOUNDS.handoffCodesPerHomeSession - 1)
    .limit(1_000)
  await trx.deleteFrom('handoff_codes').where('code_digest', 'in', surplus).execute()
}

async function requireSession(
  trx: Accounts,
  { homeSessionId, userId }: Handoff,
  nowMs: number,
): Promise<void> {
  const session = trx.selectFrom('home_sessions').select('id').where('id', '=', homeSessionId)
  const alive = session.where('user_id', '=', userId).where('expires_at_ms', '>', nowMs)
  if (!(await alive.executeTakeFirst())) throw unauthorized('This session has expired. Sign in again.')
}

/**
 * Spends a code: of two simultaneous attempts, one finds it. A wrong attempt spends the code too, because another client
 * has read it.
 */
export async function redeemHandoffCode(
  commit: Commit<AccountsTables>,
  attempt: { code: string; host: string; instanceId: InstanceId; loginSecret: string },
  nowMs: number,
): Promise<Redeemed> {
  const spent = commit.trx.deleteFrom('handoff_codes').where('code_digest', '=', digestOf(attempt.code))
  const row = await spent.returningAll().executeTakeFirst()
  // Refusals return instead of throwing: a throw would roll back the deletion, and the code would stay valid.
  if (!row) return refused('unknown')
  if (row.expires_at_ms <= nowMs) return refused('expired')
  // The custom domain may have moved to another app in between.
  if (row.host !== attempt.host || row.instance_id !== attempt.instanceId) return refused('other-host')
  if (!isSameSecret(row.challenge, digestOf(attempt.loginSecret))) return refused('other-browser')
  const origin = {
    homeSessionId: row.home_session_id,
    userId: row.user_id,
    instanceId: row.instance_id,
    host: row.host,
  }
  const created = await createAppSession(commit, origin, nowMs)
  return created ? { kind: 'signed-in', ...created, returnTo: row.return_to } : refused('signed-out')
}

type Refusal = Extract<Redeemed, { kind: 'refused' }>
const refused = (reason: Refusal['reason']): Refusal => ({ kind: 'refused', reason })
