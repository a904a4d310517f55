import type { Refusal } from '../types.ts'

/** How many refusals are remembered, the latest ones. */
const KEPT = 4_096
/** What is longer is not remembered, so that all of it stays below 6 MB. */
const LONGEST_CHARS = 1_500

/**
 * The latest refusals, each as one line of JSON: a text of its own, which does not hold on to the request that it was
 * read from.
 */
export class RefusalLog {
  readonly #lines: string[] = []
  #next = 0

  note(refusal: Refusal): void {
    if (refusal.origin.length + refusal.path.length + refusal.method.length > LONGEST_CHARS) return
    this.#lines[this.#next] = JSON.stringify(refusal)
    this.#next = (this.#next + 1) % KEPT
  }

  /** Looks at every one: some hundred microseconds, for a person who asks. */
  find(id: string): Refusal | null {
    const start = `{"id":${JSON.stringify(id)},`
    const line = this.#lines.find((line) => line.startsWith(start))
    return line === undefined ? null : (JSON.parse(line) as Refusal)
  }
}
