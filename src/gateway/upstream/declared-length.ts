import type { BodyFraming, ResponseHead } from '../../wire/index.ts'
import type { AnswerHead } from '../client/response-writer.ts'

/**
 * The length of a stored file, which the data process and the platform know and Bun's server does not send, because the
 * body is a stream: clients show progress by it, and see by it that a file is incomplete.
 */
export class DeclaredLength {
  readonly framing: Extract<BodyFraming, { kind: 'length' }>
  #octets = 0

  constructor(length: number) {
    this.framing = { kind: 'length', length }
  }

  /** Null: the answer has its length already, or none. */
  static of({ framing, fields }: ResponseHead): DeclaredLength | null {
    if (framing.kind !== 'chunked') return null
    const value = fields.find(({ key }) => key === 'x-space-data-length')?.value ?? ''
    return /^\d{1,15}$/.test(value) ? new DeclaredLength(Number(value)) : null
  }

  addTo({ statusText, writeLines }: AnswerHead): AnswerHead {
    return {
      statusText,
      writeLines: (out) => {
        writeLines(out)
        out.text(`Content-Length: ${this.framing.length}\r\n`)
      },
    }
  }

  /** Counts a piece. True: it goes past the end, and would be read as the next answer. */
  isPassedBy(octets: number): boolean {
    this.#octets += octets
    return this.#octets > this.framing.length
  }

  get isReached(): boolean {
    return this.#octets === this.framing.length
  }
}
