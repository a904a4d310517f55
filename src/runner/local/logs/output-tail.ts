/** The last lines of an output, for messages. Stays small however much a process writes. */
export class OutputTail {
  readonly #lines: string[] = []

  constructor(readonly maxLines = 40) {}

  get lines(): readonly string[] {
    return this.#lines
  }

  add(lines: readonly string[]): void {
    this.#lines.push(...lines.slice(-this.maxLines))
    this.#lines.splice(0, this.#lines.length - this.maxLines)
  }
}
