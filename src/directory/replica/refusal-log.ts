import type { Refusal } from '../types.ts'

/** How many of the latest refusals are remembered. */
const KEPT = 4_096
/** Longer ones are not remembered, so that all refusals take less than 6 MB. */
const LONGEST_CHARS = 1_500

/**
 * The latest refusals, each as one line of JSON: a separate string, which does not retain the buffer of its request.
 */
export class RefusalLog {
  readonly #lines: string[] = []
  #next = 0

  note(refusal: Refusal): void {
    if (refusal.origin.length + refusal.path.length + refusal.method.length > LONGEST_CHARS) return
    this.#lines[this.#next] = JSON.stringify(refusal)
    this.#next = (this.#next + 1) % KEPT
  }

  /** Scans all of them: some hundred microseconds, when a person asks. */
  find(id: string): Refusal | null {
    const start = `{"id":${JSON.stringify(id)},`
    const line = this.#lines.find((line) => line.startsWith(start))
    return line === undefined ? null : (JSON.parse(line) as Refusal)
  }
}
