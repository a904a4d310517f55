import { parseError, INCOMPLETE, type ParseError, type Incomplete } from './parse-error.ts'
import { CR, LF } from './octets.ts'

const FOREIGN_BYTES = 8_192

const EMPTY_LINE = Buffer.from('\r\n\r\n')

/**
 * The offset just behind the empty line that ends a head, searched from `start`. Until the empty line has arrived, a
 * line that does not end in CRLF is refused at once, without waiting for more octets.
 */
export function findHeadEnd(
  bytes: Buffer,
  start: number,
  maxBytes: number,
): number | Incomplete | ParseError {
  const found = bytes.indexOf(EMPTY_LINE, start)
  const end = found < 0 ? bytes.length : found + EMPTY_LINE.length
  if (end - start > maxBytes) return parseError('header section too large', 431)
  if (found >= 0) return end
  for (let at = bytes.indexOf(LF, start); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    if (at === start || bytes[at - 1] !== CR) return parseError('line without CRLF')
  }
  return INCOMPLETE
}

/**
 * The octets up to `end`, the end of a head, kept while the message is processed. Usually the received buffer itself; a
 * copy if much else was received with it, so that an upload does not retain its first half megabyte until it ends.
 */
export const headOctets = (bytes: Buffer, end: number): Buffer =>
  bytes.length - end > FOREIGN_BYTES ? Buffer.from(bytes.subarray(0, end)) : bytes
