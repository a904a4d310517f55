/** Bound of all names together, in octets; further names are dropped. */
const MAX_NAME_BYTES = 32_768

/** Names that cannot be written into a `Set-Cookie` unchanged. */
// oxlint-disable-next-line no-control-regex
const UNSAFE = /[\x00-\x1f\x7f]/

/**
 * Reads the names in the value of an overlong `Cookie` field, piece by piece as it arrives, in memory that does not
 * grow with the values.
 */
export class CookieNames {
  readonly #names = new Set<string>()
  #nameBytes = 0
  /** Name of the pair that is being read, up to its `=`. */
  #name = ''
  #isInName = true
  #isAtEnd = false

  /** The line has ended. */
  get isAtEnd(): boolean {
    return this.#isAtEnd
  }

  /** In order, each once. The name of a cookie without a name is empty. */
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
    // Without `=`, the text is the value of a cookie without a name.
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
