import { parseError, type ParseError } from './parse-error.ts'
import { knownName } from './field-names.ts'
import { knownValue } from './field-values.ts'
import { COLON, CR, IS_FIELD_CONTENT, LF, LOWER_TOKEN, SPACE, TAB, ZERO } from './octets.ts'

/** One header or trailer field: a view of its line in the octets it was read from. */
export class Field {
  /** The name in lower case. */
  readonly key: string
  /** Start and end of the line, without its CRLF. */
  readonly start: number
  readonly end: number
  readonly #octets: Buffer
  readonly #valueStart: number
  readonly #valueEnd: number
  #value: string | null = null

  constructor(
    key: string,
    octets: Buffer,
    at: { start: number; valueStart: number; valueEnd: number; end: number },
  ) {
    this.key = key
    this.#octets = octets
    this.start = at.start
    this.#valueStart = at.valueStart
    this.#valueEnd = at.valueEnd
    this.end = at.end
  }

  /** Without the blanks around it, one character per octet (latin1). Created at the first access. */
  get value(): string {
    return (this.#value ??=
      knownValue(this.#octets, this.#valueStart, this.#valueEnd) ??
      this.#octets.toString('latin1', this.#valueStart, this.#valueEnd))
  }

  /** The value as a number if it consists of one to `maxDigits` decimal digits; otherwise null. */
  decimal(maxDigits: number): number | null {
    const digits = this.#valueEnd - this.#valueStart
    if (digits === 0 || digits > maxDigits) return null
    let number = 0
    for (let at = this.#valueStart; at < this.#valueEnd; at++) {
      const digit = this.#octets[at]! - ZERO
      if (digit < 0 || digit > 9) return null
      number = number * 10 + digit
    }
    return number
  }

  /** Whether the value begins with a `0` that is not the whole value, as padded numbers do. */
  get isPadded(): boolean {
    return this.#valueEnd - this.#valueStart > 1 && this.#octets[this.#valueStart] === ZERO
  }

  /** The whole line as it was received, without its end: what is passed on if nothing has to change. */
  get line(): string {
    return this.#octets.toString('latin1', this.start, this.end)
  }
}

/**
 * Reads field lines from `from` up to the empty line that ends at `end` (RFC 9112, 5). Refuses everything that two
 * servers could read differently: folded lines, blanks before the colon, bare CR or LF, controls.
 *
 * @param end just behind the CRLF of the empty line
 */
export function parseFields(
  octets: Buffer,
  from: number,
  end: number,
  maxFields: number,
): Field[] | ParseError {
  const fields: Field[] = []
  let at = from
  while (at < end - 2) {
    if (fields.length === maxFields) return parseError('too many header fields', 431)
    const start = at
    while (LOWER_TOKEN[octets[at]!]! > 0) at++
    if (at === start || octets[at] !== COLON) return parseError('invalid header name')
    const key = knownName(octets, start, at) ?? octets.toString('latin1', start, at).toLowerCase()
    at++
    while (isBlank(octets[at]!)) at++
    const valueStart = at
    while (IS_FIELD_CONTENT[octets[at]!] === 1) at++
    if (octets[at] !== CR || octets[at + 1] !== LF) return parseError('invalid header value')
    let valueEnd = at
    while (valueEnd > valueStart && isBlank(octets[valueEnd - 1]!)) valueEnd--
    fields.push(new Field(key, octets, { start, valueStart, valueEnd, end: at }))
    at += 2
  }
  return fields
}

const isBlank = (octet: number): boolean => octet === SPACE || octet === TAB
