import type { Selectable } from 'kysely'
import { type Database, type Sealer, transaction } from '../storage/index.ts'
import { conflict } from '../kernel/http-error.ts'
import { randomText, type UserId } from '../kernel/ids.ts'
import { displayName } from './display-name.ts'
import { BOUNDS } from './rate-limiters.ts'
import type { AccountsTables } from '../people/index.ts'
import { parseTokenScope, type TokenScope } from './token-scope.ts'

type Accounts = Database<AccountsTables>

export interface AccessToken {
  readonly id: string
  readonly name: string
  readonly scope: TokenScope
  readonly createdAtMs: number
  /** Current expiry; for tokens that uses extend, a use moves it. */
  readonly expiresAtMs: number
  /** Latest expiry. */
  readonly endsAtMs: number
  readonly lastUsedAtMs: number | null
}

/** A token with its value, which is shown once. */
export type NewAccessToken = AccessToken & { readonly value: string }

export interface NewToken {
  readonly userId: UserId
  readonly name: string
  readonly scope?: TokenScope
  /** The token expires after this time without use; if missing, uses do not extend it. */
  readonly idleMs?: number | null
}

/**
 * A token for the platform's API: `<8 characters>_<32 characters>`, for 12 months at most (COMPAT 1.6). The official CLI
 * accepts exactly one `_`. Throws `conflict` if the person has too many tokens.
 */
export function createAccessToken(
  db: Accounts,
  sealer: Sealer,
  { userId, name, scope = 'all', idleMs = null }: NewToken,
  nowMs: number,
): Promise<NewAccessToken> {
  const id = randomText(8)
  const secret = randomText(32)
  const endsAtMs = nowMs + BOUNDS.accessTokenLifeMs
  const row = {
    id,
    user_id: userId,
    name: displayName(name),
    scope,
    secret_sealed: sealer.seal(secret, tokenRow(id)),
    created_at_ms: nowMs,
    expires_at_ms: expiryAfterUse({ idle_ms: idleMs, ends_at_ms: endsAtMs }, nowMs),
    idle_ms: idleMs,
    ends_at_ms: endsAtMs,
    last_used_at_ms: null,
  }
  return transaction(db, async (trx) => {
    const { length } = await trx
      .selectFrom('access_tokens')
      .select('id')
      .where('user_id', '=', userId)
      .execute()
    if (length >= BOUNDS.accessTokensPerUser)
      throw conflict(`You have ${length} access tokens, which is the limit. Delete one, then try again.`)
    await trx.insertInto('access_tokens').values(row).execute()
    return { ...accessToken(row), value: `${id}_${secret}` }
  })
}

/** A person's tokens without their values, newest first. */
export async function listAccessTokens(db: Accounts, userId: UserId, nowMs: number): Promise<AccessToken[]> {
  const rows = await db
    .selectFrom('access_tokens')
    .select(['id', 'name', 'scope', 'created_at_ms', 'expires_at_ms', 'ends_at_ms', 'last_used_at_ms'])
    .where('user_id', '=', userId)
    .where('expires_at_ms', '>', nowMs)
    .orderBy('created_at_ms', 'desc')
    .execute()
  return rows.map(accessToken)
}

/** Whether a token is still valid, for streams that outlive their signed request. */
export async function isAccessToken(db: Accounts, id: string, nowMs: number): Promise<boolean> {
  const rows = db.selectFrom('access_tokens').select('id').where('id', '=', id)
  return (await rows.where('expires_at_ms', '>', nowMs).executeTakeFirst()) !== undefined
}

/** False if the person has no such token. */
export async function deleteAccessToken(db: Accounts, userId: UserId, id: string): Promise<boolean> {
  const deletion = db.deleteFrom('access_tokens').where('id', '=', id).where('user_id', '=', userId)
  return (await deletion.executeTakeFirstOrThrow()).numDeletedRows > 0n
}

/** The name under which a token's secret is sealed. */
export const tokenRow = (id: string): string => `access_tokens/${id}/secret`

/** Expiry of a token that is used now. */
export const expiryAfterUse = (
  { idle_ms, ends_at_ms }: { idle_ms: number | null; ends_at_ms: number },
  nowMs: number,
): number => (idle_ms === null ? ends_at_ms : Math.min(nowMs + idle_ms, ends_at_ms))

type TokenRow = Omit<Selectable<AccountsTables['access_tokens']>, 'user_id' | 'secret_sealed' | 'idle_ms'>

const accessToken = (row: TokenRow): AccessToken => ({
  id: row.id,
  name: row.name,
  // Shown as the smallest scope: a scope of a newer version has no rights here.
  scope: parseTokenScope(row.scope) ?? 'read',
  createdAtMs: row.created_at_ms,
  expiresAtMs: row.expires_at_ms,
  endsAtMs: row.ends_at_ms,
  lastUsedAtMs: row.last_used_at_ms,
})
