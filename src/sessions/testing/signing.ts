/** Requests that are signed as a client signs them. */
import { createHmac } from 'node:crypto'
import { createAccessToken } from '../access-tokens.ts'
import { type SignedRequest, verifySignedRequest } from '../signed-request.ts'
import { NOW, openAccounts, SECOND_MS, type TestAccounts } from './test-accounts.ts'

export const utf8 = (text: string) => new TextEncoder().encode(text)

export async function verify({ db, sealer, limits }: TestAccounts, request: SignedRequest, nowMs: number) {
  const verdict = await verifySignedRequest(db, { sealer, limits }, request, () => nowMs)
  return verdict.kind === 'valid' ? 'valid' : verdict.reason
}

export const PLAIN = {
  method: 'POST',
  rawTarget: '/api/v0/apps?a=1&b=2',
  timestamp: String(NOW / SECOND_MS),
  contentType: 'application/json',
  body: utf8('{"name":"demo"}'),
}
type Unsigned = Omit<SignedRequest, 'signatureHeader' | 'body'> & { body: Uint8Array }

export function sign(value: string, request: Unsigned = PLAIN): Unsigned & SignedRequest {
  const [id = '', secret = ''] = value.split('_')
  const { method, rawTarget, timestamp, contentType, body } = request
  const hmac = createHmac('sha256', secret).update(`${method}\n${rawTarget}\n${timestamp}\n${contentType}\n`)
  return { ...request, signatureHeader: `v0=${id}:${hmac.update(body).update('\n').digest('hex')}` }
}

export async function openWithToken() {
  const accounts = await openAccounts()
  const token = await createAccessToken(
    accounts.db,
    accounts.sealer,
    { userId: accounts.owner.id, name: 'test' },
    NOW,
  )
  return { ...accounts, token }
}

export type WithToken = Awaited<ReturnType<typeof openWithToken>>
