import { fault, type Fault } from './fault.ts'
import { knownName, NAME_HASH_START, nextNameHash } from './field-names.ts'
import { COLON, CR, IS_FIELD_CONTENT, LF, LOWER_TOKEN, SPACE, TAB } from './octets.ts'

/** One header or trailer field: a view of its line in the text it was read from, one character per octet (latin1). */
export class Field {
  /** The name in lower case. */
  readonly key: string
  /** Where the line begins and, without its end, ends. The next line begins two octets behind. */
  readonly start: number
  readonly end: number
  readonly #text: string
  readonly #valueStart: number
  readonly #valueEnd: number

  constructor(
    key: string,
    text: string,
    at: { start: number; valueStart: number; valueEnd: number; end: number },
  ) {
    this.key = key
    this.#text = text
    this.start = at.start
    this.#valueStart = at.valueStart
    this.#valueEnd = at.valueEnd
    this.end = at.end
  }

  /** Without the blanks around it. */
  get value(): string {
    return this.#text.substring(this.#valueStart, this.#valueEnd)
  }

  /** The whole line as it was received, without its end: what is passed on when nothing has to change. */
  get line(): string {
    return this.#text.substring(this.start, this.end)
  }
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
    let hash = NAME_HASH_START
    for (let lower = LOWER_TOKEN[bytes[at]!]!; lower > 0; lower = LOWER_TOKEN[bytes[++at]!]!)
      hash = nextNameHash(hash, lower)
    if (at === start || bytes[at] !== COLON) return fault('invalid header name')
    const key = knownName(bytes, start, at, hash) ?? text.substring(start, at).toLowerCase()
    at++
    while (isBlank(bytes[at]!)) at++
    const valueStart = at
    while (IS_FIELD_CONTENT[bytes[at]!] === 1) at++
    if (bytes[at] !== CR || bytes[at + 1] !== LF) return fault('invalid header value')
    let valueEnd = at
    while (valueEnd > valueStart && isBlank(bytes[valueEnd - 1]!)) valueEnd--
    fields.push(new Field(key, text, { start, valueStart, valueEnd, end: at }))
    at += 2
  }
  return fields
}

const isBlank = (octet: number): boolean => octet === SPACE || octet === TAB
