import { createHash } from 'node:crypto'

export interface Totals {
  readonly entries: number
  readonly bytes: number
  /** SHA-256 over the names, modes and contents of all entries, in their order. */
  readonly digest: string
}

/** Adds up what goes by, in the memory of one hash. */
export class RunningDigest {
  readonly #all = createHash('sha256')
  #entries = 0
  #bytes = 0

  /** The same content; its entry is counted when the content has ended. */
  async *through(
    { name, mode }: { readonly name: string; readonly mode: number },
    content: AsyncIterable<Uint8Array>,
  ): AsyncGenerator<Uint8Array> {
    const own = createHash('sha256')
    for await (const piece of content) {
      own.update(piece)
      this.#bytes += piece.length
      yield piece
    }
    this.#all.update(JSON.stringify([name, mode, own.digest('hex')]))
    this.#entries += 1
  }

  totals(): Totals {
    return { entries: this.#entries, bytes: this.#bytes, digest: this.#all.copy().digest('hex') }
  }
}
