import type { Bytes } from '../zip/index.ts'

const [QUOTE, BACKSLASH, COMMA, LIST, END_OF_LIST, END_OF_OBJECT] = [0x22, 0x5c, 0x2c, 0x5b, 0x5d, 0x7d]
const OPENS = new Set([0x5b, 0x7b])
const CLOSES = new Set([0x5d, 0x7d])
/** White space, and the bytes of a byte order mark. */
const SPACES = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf])

/** A text that is no list of items, or one with a larger item than allowed. */
export class BadItems extends Error {
  override readonly name = 'BadItems'
}

/**
 * The texts of the elements of a JSON list, in the memory of one element. Also of values that stand one after the other
 * (JSON Lines). Each text has still to be parsed. Throws BadItems.
 */
export async function* jsonElements(bytes: Bytes, maxBytes: number): AsyncGenerator<string> {
  const scan = new Scanner(maxBytes)
  for await (const piece of bytes) yield* scan.push(piece)
  scan.end()
}

class Scanner {
  readonly #maxBytes: number
  #held: Uint8Array[] = []
  #heldBytes = 0
  /** Null before the first byte. */
  #isList: boolean | null = null
  #isOver = false
  #depth = 0
  #isInText = false
  #isEscaped = false

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  *push(piece: Uint8Array): Generator<string> {
    let start = 0
    for (let at = 0; at < piece.length; at += 1) {
      const byte = piece[at]!
      if (this.#isInText) {
        this.#readText(byte)
        continue
      }
      if (this.#depth === 0 && this.#isBetween(byte)) {
        start = at + 1
        continue
      }
      if (byte === QUOTE) this.#isInText = true
      else if (OPENS.has(byte)) this.#depth += 1
      else if (CLOSES.has(byte)) this.#depth -= 1
      if (this.#depth > 0) continue
      if (this.#depth < 0 || byte !== END_OF_OBJECT) throw new BadItems('an item is not a JSON object')
      this.#hold(piece.subarray(start, at + 1))
      start = at + 1
      yield this.#take()
    }
    this.#hold(piece.subarray(start))
  }

  end(): void {
    if (this.#heldBytes > 0 || this.#depth > 0 || (this.#isList && !this.#isOver))
      throw new BadItems('the list of items ends too early')
  }

  /** What may stand outside of elements. */
  #isBetween(byte: number): boolean {
    if (SPACES.has(byte)) return true
    if (this.#isOver) throw new BadItems('something follows the list of items')
    if (this.#isList === null) {
      this.#isList = byte === LIST
      return this.#isList
    }
    if (byte === END_OF_LIST && this.#isList) return (this.#isOver = true)
    return byte === COMMA && this.#isList
  }

  #readText(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false
    else if (byte === BACKSLASH) this.#isEscaped = true
    else if (byte === QUOTE) this.#isInText = false
  }

  #hold(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#heldBytes += bytes.length
    if (this.#heldBytes > this.#maxBytes) throw new BadItems(`an item has more than ${this.#maxBytes} bytes`)
    // The piece may be reused by its source.
    this.#held.push(Uint8Array.from(bytes))
  }

  #take(): string {
    const text = Buffer.concat(this.#held).toString('utf8')
    this.#held = []
    this.#heldBytes = 0
    return text
  }
}
