import { invalid } from '../fault.ts'

/** Work per slice of the thread: about 3 ms. */
const WINDOW_BYTES = 1_048_576
/** More than items may have, and fewer than take long. */
const MOST_LEVELS = 2_000

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT, COMMA, COLON] =
  Buffer.from('"\\[]{},:')
/** Where the elements of a list in the outermost object are. */
const ELEMENT_LEVEL = 2

export interface OutlineLimits {
  /** Elements of the lists together; 0: the body is only checked, and not cut. */
  readonly elements: number
  /** Values and names of one element, and of the rest. */
  readonly values: number
}

/** A body of JSON, without the elements of the lists in its outermost object: their numbers stand in their places. */
export interface Outline {
  readonly rest: Buffer
  readonly elements: readonly Uint8Array[]
}

/**
 * Cuts a large body, so that its parts can be parsed in turns: `JSON.parse` of 15 MB of short names takes seconds.
 * The body is JSON exactly if all parts are. Throws BaseFault for a body with more values than the limits.
 */
export async function outlineOf(
  bytes: Uint8Array,
  limits: OutlineLimits,
  turn: () => Promise<void>,
): Promise<Outline> {
  const scanner = new Scanner(bytes, limits)
  for (let end = 0; end < bytes.length;) {
    end = Math.min(end + WINDOW_BYTES, bytes.length)
    scanner.scanTo(end)
    await turn()
  }
  return scanner.outline()
}

class Scanner {
  readonly #bytes: Uint8Array
  readonly #limits: OutlineLimits
  readonly #elements: Uint8Array[] = []
  readonly #rest: Uint8Array[] = []
  #at = 0
  #isText = false
  #level = 0
  /** Whether this is inside a list of the outermost object. */
  #isInList = false
  /** Where the current element begins; in the rest, where what was not kept yet begins. */
  #from = 0
  #values = 0
  #valuesOfRest = 0

  constructor(bytes: Uint8Array, limits: OutlineLimits) {
    this.#bytes = bytes
    this.#limits = limits
  }

  scanTo(end: number): void {
    const bytes = this.#bytes
    let at = this.#at
    let isText = this.#isText
    for (; at < end; at += 1) {
      const byte = bytes[at]!
      if (isText) {
        if (byte === BACKSLASH) at += 1
        else if (byte === QUOTE) isText = false
      } else if (byte === QUOTE) isText = true
      else if (byte === OPEN_LIST || byte === OPEN_OBJECT) this.#open(byte, at)
      else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) this.#close(at)
      else if (byte === COMMA || byte === COLON) this.#separate(byte, at)
    }
    this.#at = at
    this.#isText = isText
  }

  outline(): Outline {
    this.#rest.push(this.#bytes.subarray(this.#from))
    return { rest: Buffer.concat(this.#rest), elements: this.#elements }
  }

  #open(byte: number, at: number): void {
    this.#count()
    this.#level += 1
    if (this.#level > MOST_LEVELS) throw invalid('The body is nested too deep')
    if (this.#level === ELEMENT_LEVEL && byte === OPEN_LIST && this.#limits.elements > 0) this.#begin(at + 1)
  }

  #close(at: number): void {
    if (this.#level === ELEMENT_LEVEL && this.#isInList) this.#end(at, true)
    this.#level -= 1
  }

  #separate(byte: number, at: number): void {
    this.#count()
    if (byte === COMMA && this.#level === ELEMENT_LEVEL && this.#isInList) {
      this.#end(at, false)
      this.#begin(at + 1)
    }
  }

  #begin(at: number): void {
    if (!this.#isInList) {
      this.#rest.push(this.#bytes.subarray(this.#from, at))
      this.#valuesOfRest = this.#values
    } else this.#rest.push(Buffer.from(','))
    this.#isInList = true
    this.#from = at
    this.#values = 0
  }

  /** `isLast`: an empty list has no element. */
  #end(at: number, isLast: boolean): void {
    const element = this.#bytes.subarray(this.#from, at)
    const isAny = !isLast || this.#rest.at(-1)?.at(-1) === COMMA || element.some((byte) => byte > 0x20)
    if (isAny) {
      if (this.#elements.length >= this.#limits.elements)
        throw invalid(`One request may put at most ${this.#limits.elements} items`)
      this.#rest.push(Buffer.from(String(this.#elements.push(element) - 1)))
    }
    if (!isLast) return
    this.#isInList = false
    this.#from = at
    this.#values = this.#valuesOfRest
  }

  #count(): void {
    this.#values += 1
    if (this.#values > this.#limits.values)
      throw invalid(`An item may have at most ${this.#limits.values} bytes`)
  }
}
