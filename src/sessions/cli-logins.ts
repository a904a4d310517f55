import { clientNetwork } from '../kernel/client-network.ts'
import { type Database, type Sealer, transaction } from '../storage/index.ts'
import { notFound } from '../kernel/http-error.ts'
import { digestOf, isSameSecret, newId, newSecret, randomText, type UserId } from '../kernel/ids.ts'
import { createAccessToken } from './access-tokens.ts'
import { requireAttempt, tooMany } from '../kernel/attempt-limiter.ts'
import { displayName } from './display-name.ts'
import { BOUNDS, type Limits } from './rate-limiters.ts'
import { parseTokenScope, type TokenScope } from './token-scope.ts'
import type { CliLoginId, SessionsTables } from './schema.ts'

type Accounts = Database<SessionsTables>

export interface NewCliLogin {
  readonly id: CliLoginId
  /** Stays with the program that asked; only it can collect the token. */
  readonly pollToken: string
  /** `BCDF-GHJK`: the person types it at Home; no link carries it (RFC 8628, 5.4). */
  readonly userCode: string
  readonly expiresAtMs: number
}

export interface CliLogin {
  readonly id: CliLoginId
  /** What the program calls itself. A stranger may have chosen it. */
  readonly name: string
  readonly scope: TokenScope
  /** Address of the client that asked. */
  readonly client: string
  readonly userCode: string
  readonly createdAtMs: number
}

export type CliLoginPoll =
  | { readonly status: 'pending' | 'denied' | 'expired' }
  | { readonly status: 'approved'; readonly accessToken: string }

/** Consonants only, so that no word appears (RFC 8628, 6.1): 34 bits, guessed at only by people who are signed in. */
const USER_CODE_ALPHABET = 'BCDFGHJKLMNPQRSTVWXZ'

/**
 * Begins a log-in from the command line (after RFC 8628): a person who is signed in approves it within ten minutes. Throws
 * `rate_limited` for a client that begins too many.
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
 * When too many are open, the oldest one of the network with the most makes room: strangers with many networks neither
 * refuse a person's log-in nor soon evict it. What a person has approved stays.
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

/** The open log-in with this code, for the person to look at before they approve. Null when there is none. */
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

/** As it was checked when the log-in began. */
const scopeOf = ({ scope }: { scope: string }): TokenScope => parseTokenScope(scope) ?? 'read'

export interface CliLoginAnswer {
  readonly id: string
  readonly userCode: string
  /** Who is signed in at Home. An access token must not be enough to make another one. */
  readonly userId: UserId
  readonly answer: 'approved' | 'denied'
}

/** Approves or denies, once. Throws `not_found` unless id and code belong to the same open log-in. */
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
  if (numUpdatedRows === 0n) throw notFound('There is no such log-in, or it was answered or has expired.')
  limits.userCodeByUser.refund(userId)
}

/**
 * How far a log-in is. The first poll after the approval makes the access token, which expires when it is not used for
 * `idleMs`, and takes it along; every other poll, and one with a wrong poll token, learns `expired`.
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

/** As typed by a person: case, blanks and the hyphen do not count. */
function normalizeUserCode(text: string): string {
  const plain = text.toUpperCase().replace(/[\s-]/g, '')
  return `${plain.slice(0, 4)}-${plain.slice(4)}`
}
