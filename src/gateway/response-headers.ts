import type { Field, ResponseHead } from '../wire/index.ts'
import { isCookieAllowed } from './cookies.ts'
import { requestFate, responseFate } from './field-policy.ts'
import { KeptLines } from './kept-lines.ts'

/** Who answered: apps may not touch our cookies, the platform sets them. */
export type ResponseSource = 'micro' | 'platform'

/** The field lines of a response for the client, each with CRLF and as received but for what apps may not say. */
export function responseLines(head: ResponseHead, source: ResponseSource): string {
  const kept = new KeptLines(head.text)
  let lines = ''
  for (const field of head.fields) {
    if (mayPass(field, head, source)) kept.keep(field)
    else lines += kept.take()
  }
  return lines + kept.take()
}

function mayPass(field: Field, head: ResponseHead, source: ResponseSource): boolean {
  const { status, connectionFields } = head
  if (connectionFields.length > 0 && connectionFields.includes(field.key))
    return field.key === 'content-length'
  switch (responseFate(field.key)) {
    case 'keep':
      return true
    case 'drop':
      return false
    case 'cookie':
      return source === 'platform' || isCookieAllowed(field.value)
    case 'length':
      // A 204 has no length (RFC 9110, 8.6); a client that believed one would wait for it.
      return status !== 204 && status >= 200
  }
}

/** The lines of a 101 or 426, which name the protocols that were taken or asked for. */
export function upgradeLines(head: ResponseHead): string {
  const protocols = head.fields.filter((field) => field.key === 'upgrade').map((field) => `${field.line}\r\n`)
  return protocols.length === 0 ? '' : `Connection: Upgrade\r\n${protocols.join('')}`
}

/** Trailer fields that may pass; the wire has taken out those that frame or route already. */
export function cleanTrailers(
  trailers: readonly Field[],
  direction: 'request' | 'response',
): readonly Field[] {
  if (trailers.length === 0) return trailers
  const fate = direction === 'request' ? requestFate : responseFate
  return trailers.filter((field) => fate(field.key) === 'keep')
}
