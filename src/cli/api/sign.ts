/** Request signing (COMPAT 3.4): proves possession of the secret without sending it. */
import { createHmac } from 'node:crypto'

export interface AccessToken {
  readonly keyId: string
  readonly secret: string
}

/** `<key id>_<secret>`; null for anything else, because both parts are needed and neither contains `_`. */
export function parseAccessToken(text: string): AccessToken | null {
  const [keyId, secret, ...rest] = text.trim().split('_')
  return keyId && secret && rest.length === 0 ? { keyId, secret } : null
}

export interface SignedFacts {
  readonly method: string
  /** Path and query exactly as sent. */
  readonly uri: string
  readonly timestampSeconds: number
  /** null: the request has no body. `contentType` is what the header says. */
  readonly body: { readonly contentType: string; readonly data: Blob } | null
}

/** The value of `X-Deta-Signature`. The body is streamed, so that an archive need not fit in memory. */
export async function signRequest(token: AccessToken, facts: SignedFacts): Promise<string> {
  const { method, uri, timestampSeconds, body } = facts
  const hmac = createHmac('sha256', token.secret)
  hmac.update(`${method}\n${uri}\n${timestampSeconds}\n${body?.contentType ?? ''}\n`)
  if (body) for await (const chunk of body.data.stream()) hmac.update(chunk)
  hmac.update('\n')
  return `v0=${token.keyId}:${hmac.digest('hex')}`
}

/** Query keys sorted and encoded as they are signed; `undefined` values are omitted. */
export function queryString(query: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const pairs = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)]],
  )
  const text = new URLSearchParams(pairs.sort(([a = ''], [b = '']) => (a < b ? -1 : 1))).toString()
  return text ? `?${text}` : ''
}
