import { clientNetwork } from '../kernel/client-network.ts'
import { type Database, type Sealer, transaction } from '../storage/index.ts'
import { notFound } from '../kernel/http-error.ts'
import { digestOf, isSameSecret, newId, newSecret, randomText, type UserId } from '../kernel/ids.ts'
import { createAccessToken } from './access-tokens.ts'
import { requireAttempt, tooMany } from '../kernel/attempt-limiter.ts'
import { displayName } from './display-name.ts'
import { BOUNDS, type Limits } from './rate-limiters.ts'
import type { AccountsTables, CliLoginId } from '../people/index.ts'
import { parseTokenScope, type TokenScope } from './token-scope.ts'

type Accounts = Database<AccountsTables>

export interface NewCliLogin {
  readonly id: CliLoginId
  /** Known to the requesting program only, so that no other program can collect the token. */
  readonly pollToken: string
  /** `BCDF-GHJK`: the person types it at Home; no link carries it (RFC 8628, 5.4). */
  readonly userCode: string
  readonly expiresAtMs: number
}

export interface CliLogin {
  readonly id: CliLoginId
  /** Name that the program gives itself. Not trusted. */
  readonly name: string
  readonly scope: TokenScope
  /** Address of the requesting client. */
  readonly client: string
  readonly userCode: string
  readonly createdAtMs: number
}

export type CliLoginPoll =
  | { readonly status: 'pending' | 'denied' | 'expired' }
  | { readonly status: 'approved'; readonly accessToken: string }

/** Consonants only, so that no word appears (RFC 8628, 6.1): 34 bits, and only signed-in people can guess. */
const USER_CODE_ALPHABET = 'BCDFGHJKLMNPQRSTVWXZ'

/**
 * Starts a login from the command line (after RFC 8628). A signed-in person approves it within ten minutes. Throws
 * `rate_limited` for a client that starts too many.
 */
export async function createCliLogin(
  db: Accounts,
  limits: Limits,
  { name, client, scope = 'all' }: { name: string; client: string; scope?: TokenScope },
  nowMs: number,
): Promise<NewCliLogin> {
  requireAttempt([[limits.cliLoginByClient, clientNetwork(client)]], nowMs)
  const login = {
    id: newId<CliLoginId>('cli'),
    pollToken: newSecret(),
    userCode: `${randomText(4, USER_CODE_ALPHABET)}-${randomText(4, USER_CODE_ALPHABET)}`,
    expiresAtMs: nowMs + BOUNDS.cliLoginLifeMs,
  }
  const row = {
    id: login.id,
    name: displayName(name),
    scope,
    client,
    network: clientNetwork(client),
    poll_digest: digestOf(login.pollToken),
    user_code: login.userCode,
    status: 'pending' as const,
    user_id: null,
    created_at_ms: nowMs,
    expires_at_ms: login.expiresAtMs,
  }
  return transaction(db, async (trx) => {
    await trx.deleteFrom('cli_logins').where('expires_at_ms', '<=', nowMs).execute()
    await makeRoom(trx)
    await trx.insertInto('cli_logins').values(row).execute()
    return login
  })
}

/**
 * Above the limit, the oldest pending login of the network with the most is evicted, so that strangers with many networks
 * neither block a person's login nor evict it soon. Approved logins stay.
 */
async function makeRoom(trx: Accounts): Promise<void> {
  const all = trx.selectFrom('cli_logins').select((e) => e.fn.countAll<number>().as('open'))
  if ((await all.executeTakeFirstOrThrow()).open < BOUNDS.pendingCliLogins) return
  const unanswered = trx.selectFrom('cli_logins').where('status', '!=', 'approved')
  const busiest = await unanswered
    .select('network')
    .groupBy('network')
    .orderBy((e) => e.fn.countAll(), 'desc')
    .orderBy((e) => e.fn.min('created_at_ms'))
    .executeTakeFirst()
  if (!busiest) throw tooMany(60)
  const oldest = unanswered
    .select('id')
    .where('network', '=', busiest.network)
    .orderBy('created_at_ms')
    .limit(1)
  await trx.deleteFrom('cli_logins').where('id', '=', oldest).execute()
}

/** The pending login with this code, to show before the approval. Null if there is none. */
export async function getCliLogin(
  db: Accounts,
  limits: Limits,
  { userId, userCode }: { userId: UserId; userCode: string },
  nowMs: number,
): Promise<CliLogin | null> {
  requireAttempt([[limits.userCodeByUser, userId]], nowMs)
  const row = await db
    .selectFrom('cli_logins')
    .select(['id', 'name', 'scope', 'client', 'user_code as userCode', 'created_at_ms as createdAtMs'])
    .where('user_code', '=', normalizeUserCode(userCode))
    .where('status', '=', 'pending')
    .where('expires_at_ms', '>', nowMs)
    .executeTakeFirst()
  if (row) limits.userCodeByUser.refund(userId)
  return row ? { ...row, scope: scopeOf(row) } : null
}

/** Checked when the login started. */
const scopeOf = ({ scope }: { scope: string }): TokenScope => parseTokenScope(scope) ?? 'read'

export interface CliLoginAnswer {
  readonly id: string
  readonly userCode: string
  /** The person signed in at Home. An access token must not be enough to create another one. */
  readonly userId: UserId
  readonly answer: 'approved' | 'denied'
}

/** Approves or denies, once. Throws `not_found` unless id and code belong to the same pending login. */
export async function answerCliLogin(
  db: Accounts,
  limits: Limits,
  { id, userCode, userId, answer }: CliLoginAnswer,
  nowMs: number,
): Promise<void> {
  requireAttempt([[limits.userCodeByUser, userId]], nowMs)
  const update = db
    .updateTable('cli_logins')
    .set({ status: answer, user_id: answer === 'approved' ? userId : null })
    .where('id', '=', id as CliLoginId)
    .where('user_code', '=', normalizeUserCode(userCode))
    .where('status', '=', 'pending')
    .where('expires_at_ms', '>', nowMs)
  const { numUpdatedRows } = await update.executeTakeFirstOrThrow()
  if (numUpdatedRows === 0n)
    throw notFound('This login does not exist, was approved or denied already, or has expired.')
  limits.userCodeByUser.refund(userId)
}

/**
 * The state of a login. The first poll after the approval creates and returns the access token, which expires after
 * `idleMs` without use. Later polls, and polls with a wrong poll token, get `expired`.
 */
export function pollCliLogin(
  db: Accounts,
  sealer: Sealer,
  { id, pollToken, idleMs }: { id: string; pollToken: string; idleMs: number | null },
  nowMs: number,
): Promise<CliLoginPoll> {
  return transaction(db, async (trx): Promise<CliLoginPoll> => {
    const login = await trx
      .selectFrom('cli_logins')
      .select(['id', 'name', 'scope', 'poll_digest', 'status', 'user_id'])
      .where('id', '=', id as CliLoginId)
      .where('expires_at_ms', '>', nowMs)
      .executeTakeFirst()
    const isTheirs = isSameSecret(login?.poll_digest ?? '', digestOf(pollToken))
    if (!login || !isTheirs) return { status: 'expired' }
    if (login.status !== 'approved' || login.user_id === null)
      return { status: login.status === 'denied' ? 'denied' : 'pending' }
    await trx.deleteFrom('cli_logins').where('id', '=', login.id).execute()
    const wanted = { userId: login.user_id, name: login.name, scope: scopeOf(login), idleMs }
    const token = await createAccessToken(trx, sealer, wanted, nowMs)
    return { status: 'approved', accessToken: token.value }
  })
}

/** Normalises a typed code: case, spaces and the hyphen are ignored. */
function normalizeUserCode(text: string): string {
  const plain = text.toUpperCase().replace(/[\s-]/g, '')
  return `${plain.slice(0, 4)}-${plain.slice(4)}`
}
