import { createHmac } from 'node:crypto'
import type { Database, Sealer } from '../storage/index.ts'
import { isSameSecret, type UserId } from '../kernel/ids.ts'
import { expiryAfterUse, isAccessToken, tokenRow } from './access-tokens.ts'
import { BOUNDS, type Limits } from './rate-limiters.ts'
import type { AccountsTables } from '../people/index.ts'
import { parseTokenScope, type TokenScope } from './token-scope.ts'

type Accounts = Database<AccountsTables>

/** A request as received. Every field is signed, so none may have been rewritten. */
export interface SignedRequest {
  readonly method: string
  /** Path and query exactly as sent, from `/api` on. */
  readonly rawTarget: string
  /** `X-Deta-Timestamp` */
  readonly timestamp: string
  /** `X-Deta-Signature` */
  readonly signatureHeader: string
  /** `Content-Type`, or the empty string. */
  readonly contentType: string
  /** The body, also of a GET (COMPAT 3.4); in chunks if it is too large for the memory. */
  readonly body: Uint8Array | AsyncIterable<Uint8Array>
}

export type SignatureVerdict =
  | {
      readonly kind: 'valid'
      readonly userId: UserId
      readonly tokenId: string
      /** Null: a scope that this version does not know, without any rights. */
      readonly scope: TokenScope | null
    }
  | {
      readonly kind: 'refused'
      /** `stale`: the clocks differ by more than five minutes, or the request was signed before the server's start. */
      readonly reason: 'malformed' | 'stale' | 'just-started' | 'wrong' | 'replayed'
    }

const SECOND_MS = 1_000

/** A key without a token, so that an unknown token costs as much as a wrong signature. */
const NO_SECRET = 'x'.repeat(32)

/** Repeating these methods changes nothing, and clients do repeat them within a second. */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Verifies a request signed with an access token (COMPAT 3.4). A signature is accepted within five minutes of its
 * timestamp. For a method that changes something, it is accepted a few times while it is young, then once, and not if it
 * is older than this server's start. The body may take two hours; `now` is called before and after it.
 */
export async function verifySignedRequest(
  db: Accounts,
  { sealer, limits }: { sealer: Sealer; limits: Limits },
  request: SignedRequest,
  now: () => number,
): Promise<SignatureVerdict> {
  const beganMs = now()
  const claim = readClaim(request, beganMs)
  if (claim.kind === 'refused') return claim
  const { id, signature, sentAtMs } = claim
  const isRepeatable = SAFE_METHODS.has(request.method)
  // A signature of the second of this server's start may have been used with the server before.
  if (!isRepeatable && sentAtMs <= limits.startedAtMs)
    return refused(sentAtMs + SECOND_MS <= limits.startedAtMs ? 'stale' : 'just-started')

  const token = await getToken(db, id, beganMs)
  const secret = token ? sealer.open(token.secret_sealed, tokenRow(id)) : NO_SECRET
  const expected = await signatureOf(request, secret)
  if (!isSameSecret(signature, expected) || !token) return refused('wrong')

  // A slow client chooses the end of the body: until then, the token may be deleted or the signature forgotten.
  const nowMs = now()
  const forgottenMs = sentAtMs + BOUNDS.signedBodyMs
  if (nowMs > forgottenMs) return refused('stale')
  if (!(await isAccessToken(db, id, nowMs))) return refused('wrong')
  const seen = { owner: id, value: signature, times: timesOf(sentAtMs, nowMs), untilMs: forgottenMs }
  if (!isRepeatable && !limits.signatures.admit(seen, nowMs)) return refused('replayed')
  await touch(db, token, nowMs)
  return { kind: 'valid', userId: token.user_id, tokenId: id, scope: parseTokenScope(token.scope) }
}

/** How many times this signature may be used now: a clock that differs by more allows no repetition. */
const timesOf = (sentAtMs: number, nowMs: number): number =>
  Math.abs(nowMs - sentAtMs) < BOUNDS.repeatableSignatureMs ? BOUNDS.repeatsOfSignature : 1

type SignatureHeaders = Pick<SignedRequest, 'signatureHeader' | 'timestamp'>

/**
 * The id of the token that a request names; null if the token does not exist. Checked before the body is read, so that
 * strangers take no upload place and no memory. The signature is verified at the end of the body.
 */
export async function claimedToken(
  db: Accounts,
  headers: SignatureHeaders,
  nowMs: number,
): Promise<string | null> {
  const claim = readClaim(headers, nowMs)
  if (claim.kind !== 'claim' || !(await getToken(db, claim.id, nowMs))) return null
  return claim.id
}

interface Claim {
  readonly kind: 'claim'
  readonly id: string
  readonly signature: string
  readonly sentAtMs: number
}

function readClaim({ signatureHeader, timestamp }: SignatureHeaders, nowMs: number): Claim | Refusal {
  const header = /^v0=([A-Za-z0-9]{8}):([0-9a-f]{64})$/.exec(signatureHeader)
  if (!header || !/^\d{1,12}$/.test(timestamp)) return refused('malformed')
  const [, id = '', signature = ''] = header
  const sentAtMs = Number(timestamp) * SECOND_MS
  if (Math.abs(nowMs - sentAtMs) > BOUNDS.signatureSkewMs) return refused('stale')
  return { kind: 'claim', id, signature, sentAtMs }
}

/** Each part on its own line, with a final line end. Headers cannot contain line breaks, so no part can move to another line. */
async function signatureOf(request: SignedRequest, secret: string): Promise<string> {
  const { method, rawTarget, timestamp, contentType, body } = request
  const hmac = createHmac('sha256', secret).update(`${method}\n${rawTarget}\n${timestamp}\n${contentType}\n`)
  if (body instanceof Uint8Array) hmac.update(body)
  else for await (const piece of body) hmac.update(piece)
  return hmac.update('\n').digest('hex')
}

const getToken = (db: Accounts, id: string, nowMs: number) =>
  db
    .selectFrom('access_tokens')
    .select(['id', 'user_id', 'secret_sealed', 'scope', 'last_used_at_ms', 'idle_ms', 'ends_at_ms'])
    .where('id', '=', id)
    .where('expires_at_ms', '>', nowMs)
    .executeTakeFirst()

type UsedToken = Pick<AccountsTables['access_tokens'], 'id' | 'last_used_at_ms' | 'idle_ms' | 'ends_at_ms'>

/** Records the use, which may extend the token's expiry. */
async function touch(db: Accounts, token: UsedToken, nowMs: number): Promise<void> {
  if (nowMs - (token.last_used_at_ms ?? 0) < BOUNDS.tokenTouchMs) return
  await db
    .updateTable('access_tokens')
    .set({ last_used_at_ms: nowMs, expires_at_ms: expiryAfterUse(token, nowMs) })
    .where('id', '=', token.id)
    .execute()
}

type Refusal = Extract<SignatureVerdict, { kind: 'refused' }>
const refused = (reason: Refusal['reason']): Refusal => ({ kind: 'refused', reason })
