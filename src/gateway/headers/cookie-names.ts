/** Names that are kept, and octets of all of them together; what is beyond is left out. Browsers send 180. */
const MAX_NAMES = 400
const MAX_NAME_BYTES = 32_768
/** The longest of one: browsers keep no cookie with more octets (RFC 6265bis, 5.7). */
const LONGEST_NAME_BYTES = 4_096

/** A name that cannot be written into a `Set-Cookie` as it is. */
// oxlint-disable-next-line no-control-regex
const UNSAFE = /[\x00-\x1f\x7f]/

/**
 * Reads the names out of the value of a `Cookie` field that is too long to be kept, piece by piece as it arrives, in memory
 * that does not grow with the values.
 */
export class CookieNames {
  readonly #names = new Set<string>()
  #nameBytes = 0
  /** Octets of the pair that is being read, up to its `=`. A text that grows by characters takes forty octets for each. */
  #name: number[] = []
  #isInName = true
  #isAtEnd = false

  /** The line has ended. */
  get isAtEnd(): boolean {
    return this.#isAtEnd
  }

  /** In order, each once. A cookie without a name comes as an empty one. */
  get names(): readonly string[] {
    return [...this.#names]
  }

  add(octets: Buffer): void {
    for (let at = 0; at < octets.length && !this.#isAtEnd; at++) {
      const octet = octets[at]!
      if (octet === CR || octet === LF) this.#end()
      else if (octet === SEMICOLON) this.#take()
      else if (octet === EQUALS) this.#isInName = false
      else if (this.#isWanted) this.#name.push(octet)
    }
  }

  get #isWanted(): boolean {
    return this.#isInName && this.#name.length <= LONGEST_NAME_BYTES && this.#names.size < MAX_NAMES
  }

  #end(): void {
    this.#take()
    this.#isAtEnd = true
  }

  #take(): void {
    const text = String.fromCharCode(...this.#name).trim()
    // Without `=` it is the value of a cookie that has no name.
    const isEmpty = this.#isInName && text === ''
    const name = this.#isInName ? '' : text
    this.#name = []
    this.#isInName = true
    if (isEmpty || name.length > LONGEST_NAME_BYTES || UNSAFE.test(name) || this.#names.has(name)) return
    if (this.#names.size >= MAX_NAMES) return
    if (this.#nameBytes + name.length > MAX_NAME_BYTES) return
    this.#nameBytes += name.length
    this.#names.add(name)
  }
}

const LF = 0x0a
const CR = 0x0d
const SEMICOLON = 0x3b
const EQUALS = 0x3d
