import type { Field, HeadWriter } from '../../wire/index.ts'

/** Lines of a head that are passed on as they are: adjacent lines are copied in one piece. */
export class PassthroughLines {
  readonly #octets: Buffer
  readonly #out: HeadWriter
  #start = -1
  #end = -1

  constructor(octets: Buffer, out: HeadWriter) {
    this.#octets = octets
    this.#out = out
  }

  /** A removed line between two kept ones (`withoutBody`) must not be copied with them. */
  keep(field: Field): void {
    if (this.#start >= 0 && field.start !== this.#end) this.flush()
    if (this.#start < 0) this.#start = field.start
    this.#end = field.end + 2
  }

  /** Writes the lines kept since the last call, each with its CRLF. Must be called wherever a line is left out. */
  flush(): void {
    if (this.#start < 0) return
    this.#out.octets(this.#octets, this.#start, this.#end)
    this.#start = -1
  }
}
