import { createHmac } from 'node:crypto'
import type { Database, Sealer } from '../db/index.ts'
import { isSameSecret, type UserId } from '../ids.ts'
import { tokenRow } from './access-tokens.ts'
import { BOUNDS, type Limits } from './limits.ts'
import type { AccountsTables } from './schema.ts'

type Accounts = Database<AccountsTables>

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
  | { readonly kind: 'valid'; readonly userId: UserId; readonly tokenId: string }
  | {
      readonly kind: 'refused'
      /** `stale`: the clocks differ by more than five minutes, so the client should ask for the time again. */
      readonly reason: 'malformed' | 'stale' | 'wrong' | 'replayed'
    }

/** Signs for nobody: an unknown token costs what a wrong signature costs. */
const NO_SECRET = 'x'.repeat(32)

/** Repeating these changes nothing, and clients do repeat them within a second. */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Verifies a request signed with an access token (COMPAT 3.4). A signature is accepted within five minutes of its
 * timestamp, and for a method that changes something only once.
 */
export async function verifySignedRequest(
  db: Accounts,
  { sealer, limits }: { sealer: Sealer; limits: Limits },
  request: SignedRequest,
  nowMs: number,
): Promise<SignatureVerdict> {
  const header = /^v0=([A-Za-z0-9]{8}):([0-9a-f]{64})$/.exec(request.signatureHeader)
  if (!header || !/^\d{1,12}$/.test(request.timestamp)) return refused('malformed')
  const [, id = '', signature = ''] = header
  const sentAtMs = Number(request.timestamp) * 1_000
  if (Math.abs(nowMs - sentAtMs) > BOUNDS.signatureSkewMs) return refused('stale')

  const token = await getToken(db, id, nowMs)
  const secret = token ? sealer.open(token.secret_sealed, tokenRow(id)) : NO_SECRET
  const expected = await signatureOf(request, secret)
  if (!isSameSecret(signature, expected) || !token) return refused('wrong')

  const isRepeatable = SAFE_METHODS.has(request.method)
  if (!isRepeatable && !limits.signatures.admit(signature, sentAtMs + BOUNDS.signatureSkewMs, nowMs))
    return refused('replayed')
  await touch(db, token, nowMs)
  return { kind: 'valid', userId: token.user_id, tokenId: id }
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
    .select(['id', 'user_id', 'secret_sealed', 'last_used_at_ms'])
    .where('id', '=', id)
    .where('expires_at_ms', '>', nowMs)
    .executeTakeFirst()

async function touch(
  db: Accounts,
  token: { id: string; last_used_at_ms: number | null },
  nowMs: number,
): Promise<void> {
  if (nowMs - (token.last_used_at_ms ?? 0) < BOUNDS.tokenTouchMs) return
  await db.updateTable('access_tokens').set({ last_used_at_ms: nowMs }).where('id', '=', token.id).execute()
}

type Refusal = Extract<SignatureVerdict, { kind: 'refused' }>
const refused = (reason: Refusal['reason']): Refusal => ({ kind: 'refused', reason })
