import type { Field, HeadWriter, ResponseHead } from '../wire/index.ts'
import { isCookieAllowed } from './cookies.ts'
import { responseFate } from './field-policy.ts'
import { KeptLines } from './kept-lines.ts'

/**
 * Who answered: apps may not touch our cookies, the platform sets them. `private-micro`: for the one who asked, and for
 * nobody else who asks the same later.
 */
export type ResponseSource = 'micro' | 'private-micro' | 'platform'

/** Writes the field lines of a response for the client, as received but for what apps may not say. */
export function writeResponseLines(out: HeadWriter, head: ResponseHead, source: ResponseSource): void {
  const kept = new KeptLines(head.octets, out)
  let isPrivateEnough = source !== 'private-micro' || head.status < 200
  for (const field of head.fields) {
    if (!mayPass(field, head, source)) {
      kept.flush()
      continue
    }
    kept.keep(field)
    isPrivateEnough ||= field.key === 'cache-control' && /\b(?:private|no-store)\b(?!\s*=)/i.test(field.value)
  }
  kept.flush()
  // A cache on the way could keep it for others: unlike Authorization a cookie forbids nothing (RFC 9111, 3.5).
  if (!isPrivateEnough) out.text('Cache-Control: private\r\n')
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
    case 'clear-site-data':
      // Cookies are cleared for the whole domain: an app would sign its owner out of Home and of all other apps.
      return !/cookies|\*/i.test(field.value)
    case 'shared-cache':
      return source !== 'private-micro'
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

/** Trailer fields of a response that may pass; the wire has taken out those that frame or route already. */
export const cleanTrailers = (trailers: readonly Field[]): readonly Field[] =>
  trailers.length === 0 ? trailers : trailers.filter((field) => responseFate(field.key) === 'keep')
