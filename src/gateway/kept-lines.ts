import type { Field } from '../wire/index.ts'

/** Lines of a head that are passed on as they are: neighbours are taken out of its text in one piece. */
export class KeptLines {
  readonly #text: string
  #start = -1
  #end = -1

  constructor(text: string) {
    this.#text = text
  }

  keep(field: Field): void {
    if (this.#start < 0) this.#start = field.start
    this.#end = field.end + 2
  }

  /** What was kept since the last time, each line with its CRLF. To be called wherever a line is left out. */
  take(): string {
    if (this.#start < 0) return ''
    const lines = this.#text.substring(this.#start, this.#end)
    this.#start = -1
    return lines
  }
}
