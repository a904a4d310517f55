import { fault, type Fault } from './fault.ts'
import { COLON, CR, IS_FIELD_CONTENT, IS_TOKEN, LF, SPACE, TAB } from './octets.ts'

/** One header or trailer field, one character per octet (latin1). */
export interface Field {
  /** The name in lower case. */
  readonly key: string
  /** Without the blanks around it. */
  readonly value: string
  /** The whole line as it was received, without its end: what is passed on when nothing has to change. */
  readonly line: string
}

/**
 * Reads field lines from `from` up to the empty line that ends at `end` (RFC 9112, 5). Refuses everything that
 * two servers could read in two ways: folded lines, blanks before the colon, bare CR or LF, controls.
 *
 * @param text the same octets as `bytes`, as a latin1 string
 * @param end just behind the CRLF of the empty line
 */
export function parseFields(
  bytes: Uint8Array,
  text: string,
  from: number,
  end: number,
  maxFields: number,
): Field[] | Fault {
  const fields: Field[] = []
  let at = from
  while (at < end - 2) {
    if (fields.length === maxFields) return fault('too many header fields', 431)
    const start = at
    while (IS_TOKEN[bytes[at]!]) at++
    if (at === start || bytes[at] !== COLON) return fault('invalid header name')
    const colon = at++
    while (isBlank(bytes[at]!)) at++
    const valueStart = at
    while (IS_FIELD_CONTENT[bytes[at]!]) at++
    if (bytes[at] !== CR || bytes[at + 1] !== LF) return fault('invalid header value')
    let valueEnd = at
    while (valueEnd > valueStart && isBlank(bytes[valueEnd - 1]!)) valueEnd--
    fields.push({
      key: text.substring(start, colon).toLowerCase(),
      value: text.substring(valueStart, valueEnd),
      line: text.substring(start, at),
    })
    at += 2
  }
  return fields
}

const isBlank = (octet: number): boolean => octet === SPACE || octet === TAB

/** The lower-case members of a comma-separated list, without empty ones. */
export function listMembers(value: string): string[] {
  return value
    .toLowerCase()
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '')
}
