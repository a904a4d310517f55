/** Requests signed with an access token (COMPAT 3.4), implemented separately so that the product does not verify itself. */
import { createHmac } from 'node:crypto'
import type { TestServer } from '../../support/server.ts'

export interface Signed {
  readonly method: string
  /** Below `/api/v0`. */
  readonly path: string
  readonly timestamp: string
  readonly contentType: string
  readonly signature: string
}

/** `aheadSeconds`: how far the clock of its client is ahead. */
export function signatureOf(
  token: string,
  method: string,
  path: string,
  body: string,
  aheadSeconds = 0,
): Signed {
  const [id = '', secret = ''] = token.split('_')
  const timestamp = String(Math.floor(Date.now() / 1000) + aheadSeconds)
  const contentType = body === '' ? '' : 'application/json'
  const text = `${method}\n/api/v0${path}\n${timestamp}\n${contentType}\n${body}\n`
  const signature = `v0=${id}:${createHmac('sha256', secret).update(text).digest('hex')}`
  return { method, path, timestamp, contentType, signature }
}

export function sendSigned(server: TestServer, request: Signed, body: string): Promise<Response> {
  const { method, path, timestamp, contentType, signature } = request
  return server.request(`space.localhost:${server.port}`, `/api/v0${path}`, {
    method,
    body: body === '' ? null : body,
    headers: {
      'X-Deta-Signature': signature,
      'X-Deta-Timestamp': timestamp,
      ...(contentType === '' ? {} : { 'Content-Type': contentType }),
    },
  })
}
