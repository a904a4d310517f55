import { NO_TRAILERS, type BodyPart, type BodyReader } from './body-part.ts'
import { parseError } from './parse-error.ts'
import { parseFields } from './fields.ts'
import { findHeadEnd } from './head-end.ts'
import { WIRE_LIMITS } from './limits.ts'
import { CR, HEX_VALUE, IS_FIELD_CONTENT, LF, SEMICOLON } from './octets.ts'
import { isTrailerAllowed } from './trailers.ts'

type State = 'size' | 'extension' | 'size-lf' | 'data' | 'data-cr' | 'data-lf' | 'trailers'

const NOTHING = Buffer.alloc(0)

/**
 * Reads a chunked body (RFC 9112, 7.1). Extensions are dropped, trailers are given with the end. Every line has
 * to end in CRLF: a bare LF or CR here is how chunk-size lines are smuggled.
 */
export class ChunkedReader implements BodyReader {
  #state: State = 'size'
  #digits = 0
  /** Octets of the current size line. */
  #lineBytes = 0
  /** The chunk size while its line is read, then the octets of the chunk that are still missing. */
  #missing = 0
  #trailers: Buffer = NOTHING

  read(bytes: Buffer): BodyPart {
    const pieces: Buffer[] = []
    let at = 0
    while (at < bytes.length) {
      if (this.#state === 'trailers') return this.#readTrailers(bytes.subarray(at), joined(pieces))
      if (this.#state === 'data') {
        const piece = bytes.subarray(at, at + this.#missing)
        pieces.push(piece)
        at += piece.length
        this.#missing -= piece.length
        if (this.#missing === 0) this.#state = 'data-cr'
      } else if (!this.#step(bytes[at++]!)) return parseError('invalid chunked coding')
    }
    return { kind: 'more', payload: joined(pieces) }
  }

  /** One octet of framing; false if it is not allowed here. */
  #step(octet: number): boolean {
    switch (this.#state) {
      case 'size':
        return this.#countLine() && this.#stepSize(octet)
      case 'extension':
        if (octet === CR) this.#state = 'size-lf'
        return this.#countLine() && (octet === CR || IS_FIELD_CONTENT[octet] === 1)
      case 'size-lf':
        this.#state = this.#missing === 0 ? 'trailers' : 'data'
        return octet === LF
      case 'data-cr':
        this.#state = 'data-lf'
        return octet === CR
      default:
        this.#startLine()
        return octet === LF
    }
  }

  #stepSize(octet: number): boolean {
    const digit = HEX_VALUE[octet]!
    if (digit < 16) {
      this.#missing = this.#missing * 16 + digit
      return ++this.#digits <= WIRE_LIMITS.chunkSizeDigits
    }
    this.#state = octet === CR ? 'size-lf' : 'extension'
    return this.#digits > 0 && (octet === CR || octet === SEMICOLON)
  }

  #startLine(): void {
    this.#state = 'size'
    this.#digits = 0
    this.#lineBytes = 0
    this.#missing = 0
  }

  #countLine(): boolean {
    return ++this.#lineBytes <= WIRE_LIMITS.chunkLineBytes
  }

  #readTrailers(bytes: Buffer, payload: Buffer): BodyPart {
    const section = this.#trailers.length === 0 ? bytes : Buffer.concat([this.#trailers, bytes])
    if (section[0] === CR && section[1] === LF)
      return { kind: 'end', payload, trailers: NO_TRAILERS, rest: section.subarray(2) }
    const end = findHeadEnd(section, 0, WIRE_LIMITS.trailerBytes)
    if (typeof end === 'number') {
      const fields = parseFields(section, 0, end, WIRE_LIMITS.trailerFields)
      if ('kind' in fields) return parseError('invalid trailer section')
      return {
        kind: 'end',
        payload,
        trailers: fields.filter((field) => isTrailerAllowed(field.key)),
        rest: section.subarray(end),
      }
    }
    if (end.kind === 'parse-error') return parseError('invalid trailer section')
    this.#trailers = section
    return { kind: 'more', payload }
  }
}

function joined(pieces: Buffer[]): Buffer {
  return pieces.length === 0 ? NOTHING : pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
}
