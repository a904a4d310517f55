import type { Field, HeadWriter } from '../../wire/index.ts'

/** Lines of a head that are passed on as they are: neighbours are taken out of it in one piece. */
export class PassthroughLines {
  readonly #octets: Buffer
  readonly #out: HeadWriter
  #start = -1
  #end = -1

  constructor(octets: Buffer, out: HeadWriter) {
    this.#octets = octets
    this.#out = out
  }

  /** A line between two kept ones that is no field any more (`withoutBody`) must not slip through with them. */
  keep(field: Field): void {
    if (this.#start >= 0 && field.start !== this.#end) this.flush()
    if (this.#start < 0) this.#start = field.start
    this.#end = field.end + 2
  }

  /** Writes what was kept since the last time, each line with its CRLF. To be called wherever a line is left out. */
  flush(): void {
    if (this.#start < 0) return
    this.#out.octets(this.#octets, this.#start, this.#end)
    this.#start = -1
  }
}
