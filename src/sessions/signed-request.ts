import { createHmac } from 'node:crypto'
import type { Database, Sealer } from '../storage/index.ts'
import { isSameSecret, type UserId } from '../kernel/ids.ts'
import { expiryAfterUse, isAccessToken, tokenRow } from './access-tokens.ts'
import { BOUNDS, type Limits } from './rate-limiters.ts'
import { parseTokenScope, type TokenScope } from './token-scope.ts'
import type { SessionsTables } from './schema.ts'

type Accounts = Database<SessionsTables>

/** A request as it came in. Every field is part of what was signed, so nothing may have been rewritten on the way. */
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
  /** Also of a GET (COMPAT 3.4). In pieces when it is too large for the memory. */
  readonly body: Uint8Array | AsyncIterable<Uint8Array>
}

export type SignatureVerdict =
  | {
      readonly kind: 'valid'
      readonly userId: UserId
      readonly tokenId: string
      /** Null: a scope that this version does not know, and that allows nothing. */
      readonly scope: TokenScope | null
    }
  | {
      readonly kind: 'refused'
      /** `stale`: the clocks differ by more than five minutes, or it was signed before the server's start. */
      readonly reason: 'malformed' | 'stale' | 'just-started' | 'wrong' | 'replayed'
    }

const SECOND_MS = 1_000

/** Signs for nobody: an unknown token costs what a wrong signature costs. */
const NO_SECRET = 'x'.repeat(32)

/** Repeating these changes nothing, and clients do repeat them within a second. */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Verifies a request signed with an access token (COMPAT 3.4). A signature is accepted within five minutes of its
 * timestamp. For a method that changes something it is accepted a few times while it is young, then once, and not if a
 * server before this one may have received it.
 * Its body may take two hours; `now` is asked before it and after it.
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
  // Of the very second of this server's start nobody can say which server it was meant for.
  if (!isRepeatable && sentAtMs <= limits.startedAtMs)
    return refused(sentAtMs + SECOND_MS <= limits.startedAtMs ? 'stale' : 'just-started')

  const token = await getToken(db, id, beganMs)
  const secret = token ? sealer.open(token.secret_sealed, tokenRow(id)) : NO_SECRET
  const expected = await signatureOf(request, secret)
  if (!isSameSecret(signature, expected) || !token) return refused('wrong')

  // Whoever sends the body slowly chooses the time: until the token is deleted, until the signature is forgotten.
  const nowMs = now()
  const forgottenMs = sentAtMs + BOUNDS.signedBodyMs
  if (nowMs > forgottenMs) return refused('stale')
  if (!(await isAccessToken(db, id, nowMs))) return refused('wrong')
  const seen = { owner: id, value: signature, times: timesOf(sentAtMs, nowMs), untilMs: forgottenMs }
  if (!isRepeatable && !limits.signatures.admit(seen, nowMs)) return refused('replayed')
  await touch(db, token, nowMs)
  return { kind: 'valid', userId: token.user_id, tokenId: id, scope: parseTokenScope(token.scope) }
}

/** How often this signature may have come by now: a clock that is off by more earns no repeats. */
const timesOf = (sentAtMs: number, nowMs: number): number =>
  Math.abs(nowMs - sentAtMs) < BOUNDS.repeatableSignatureMs ? BOUNDS.repeatsOfSignature : 1

type SignatureHeaders = Pick<SignedRequest, 'signatureHeader' | 'timestamp'>

/**
 * The id of the token that a request claims to be signed with; null when there is no such token. Asked before a body is
 * kept, so that strangers take neither place nor memory from people; the signature is proved only at the body's end.
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

/** Each part on a line of its own, the last one ended as well. A header cannot hold a line break, so none can move. */
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

type UsedToken = Pick<SessionsTables['access_tokens'], 'id' | 'last_used_at_ms' | 'idle_ms' | 'ends_at_ms'>

/** Notes the use, which may put the token's end off. */
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
