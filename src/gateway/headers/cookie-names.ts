/** Octets of all names together that are kept; what is beyond them is left out. */
const MAX_NAME_BYTES = 32_768

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
  /** Of the pair that is being read, up to its `=`. */
  #name = ''
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
      else if (this.#isInName && this.#name.length < MAX_NAME_BYTES) this.#name += String.fromCharCode(octet)
    }
  }

  #end(): void {
    this.#take()
    this.#isAtEnd = true
  }

  #take(): void {
    // Without `=` it is the value of a cookie that has no name.
    const name = this.#isInName ? '' : this.#name.trim()
    const isEmpty = this.#isInName && this.#name.trim() === ''
    this.#name = ''
    this.#isInName = true
    if (isEmpty || UNSAFE.test(name) || this.#names.has(name)) return
    if (this.#nameBytes + name.length > MAX_NAME_BYTES) return
    this.#nameBytes += name.length
    this.#names.add(name)
  }
}

const LF = 0x0a
const CR = 0x0d
const SEMICOLON = 0x3b
const EQUALS = 0x3d
