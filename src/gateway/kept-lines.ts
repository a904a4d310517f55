import type { Field } from '../wire/index.ts'

/** Lines of a head that are passed on as they are: neighbours are taken out of its text in one piece. */
export class KeptLines {
  readonly #text: string
  /** Earlier pieces. */
  #taken = ''
  #start = -1
  #end = -1

  constructor(text: string) {
    this.#text = text
  }

  /** A line between two kept ones that is no field any more (`withoutBody`) must not slip through with them. */
  keep(field: Field): void {
    if (this.#start >= 0 && field.start !== this.#end) this.#taken = this.take()
    if (this.#start < 0) this.#start = field.start
    this.#end = field.end + 2
  }

  /** What was kept since the last time, each line with its CRLF. To be called wherever a line is left out. */
  take(): string {
    if (this.#start < 0) return ''
    const lines = this.#taken + this.#text.substring(this.#start, this.#end)
    this.#taken = ''
    this.#start = -1
    return lines
  }
}
