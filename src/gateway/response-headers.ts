import type { Field, ResponseHead } from '../wire/index.ts'
import { isCookieAllowed } from './cookies.ts'
import { isDroppedFromRequest, isDroppedFromResponse, isOurs } from './field-policy.ts'

/** Who answered: apps may not touch our cookies, the platform sets them. */
export type ResponseSource = 'micro' | 'platform'

/** The field lines of a response for the client, each with CRLF and as received but for what apps may not say. */
export function responseLines(head: ResponseHead, source: ResponseSource): string {
  let lines = ''
  for (const field of head.fields) {
    if (isDropped(head, field)) continue
    if (source === 'micro' && field.key === 'set-cookie' && !isCookieAllowed(field.value)) continue
    lines += `${field.line}\r\n`
  }
  return lines
}

function isDropped(head: ResponseHead, field: Field): boolean {
  if (isDroppedFromResponse(field.key)) return true
  // A 204 has no length (RFC 9110, 8.6); a client that believed one would wait for it.
  if (field.key === 'content-length') return head.status === 204 || head.status < 200
  return head.connection.length > 0 && head.connection.includes(field.key)
}

/** The lines of a 101 or 426, which name the protocols that were taken or asked for. */
export function upgradeLines(head: ResponseHead): string {
  const protocols = head.fields.filter((field) => field.key === 'upgrade').map((field) => `${field.line}\r\n`)
  return protocols.length === 0 ? '' : `Connection: Upgrade\r\n${protocols.join('')}`
}

/** Trailer fields that may pass; framing and routing fields have been taken out by the wire already. */
export function cleanTrailers(
  trailers: readonly Field[],
  direction: 'request' | 'response',
): readonly Field[] {
  if (trailers.length === 0) return trailers
  const isDropped = direction === 'request' ? isDroppedFromRequest : isDroppedFromResponse
  return trailers.filter((field) => !isDropped(field.key) && !isOurs(field.key))
}
