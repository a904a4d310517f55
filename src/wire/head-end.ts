import { fault, INCOMPLETE, type Fault, type Incomplete } from './fault.ts'
import { CR, LF } from './octets.ts'

const FOREIGN_BYTES = 8_192

const EMPTY_LINE = Buffer.from('\r\n\r\n')

/**
 * The offset just behind the empty line that ends a head, searched from `start`. While it is missing, a line that
 * does not end in CRLF is refused at once instead of waiting for more.
 */
export function findHeadEnd(bytes: Buffer, start: number, maxBytes: number): number | Incomplete | Fault {
  const found = bytes.indexOf(EMPTY_LINE, start)
  const end = found < 0 ? bytes.length : found + EMPTY_LINE.length
  if (end - start > maxBytes) return fault('header section too large', 431)
  if (found >= 0) return end
  for (let at = bytes.indexOf(LF, start); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    if (at === start || bytes[at - 1] !== CR) return fault('line without CRLF')
  }
  return INCOMPLETE
}

/**
 * The octets up to `end`, the end of a head, to be kept as long as its message is under way. Usually what was received;
 * a copy if much else was received with it, so that an upload does not hold on to its first half megabyte until it ends.
 */
export const headOctets = (bytes: Buffer, end: number): Buffer =>
  bytes.length - end > FOREIGN_BYTES ? Buffer.from(bytes.subarray(0, end)) : bytes
