import type { Field, HeadWriter, ResponseHead } from '../wire/index.ts'
import { isCookieAllowed } from './cookies.ts'
import { requestFate, responseFate } from './field-policy.ts'
import { KeptLines } from './kept-lines.ts'

/** Who answered: apps may not touch our cookies, the platform sets them. */
export type ResponseSource = 'micro' | 'platform'

/** Writes the field lines of a response for the client, as received but for what apps may not say. */
export function writeResponseLines(out: HeadWriter, head: ResponseHead, source: ResponseSource): void {
  const kept = new KeptLines(head.octets, out)
  for (const field of head.fields) {
    if (mayPass(field, head, source)) kept.keep(field)
    else kept.flush()
  }
  kept.flush()
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

/** Writes the lines of a 101 that name the protocols that were taken. */
export function writeUpgradeLines(out: HeadWriter, head: ResponseHead): void {
  out.text('Connection: Upgrade\r\n')
  for (const field of head.fields) if (field.key === 'upgrade') out.text(`${field.line}\r\n`)
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
