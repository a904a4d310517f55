import { badRequest } from '../errors.ts'
import type { BlobWriter } from './blobs.ts'
import { CHUNK_BYTES, collectSums } from './chunk-sums.ts'
import { type Body, pump, tooLarge } from './pump.ts'

export interface Received {
  readonly size: number
  readonly sums: Uint8Array
}

/** Two chunks: large enough for few system calls, small enough for many uploads at once. */
export const WINDOW_BYTES = 2 * CHUNK_BYTES

/** Writes a body to a blob, in the memory of two windows. Throws, with the blob unfinished, unless all of it came. */
export async function receive(options: Body, writer: BlobWriter): Promise<Received> {
  const { body, announcedBytes, limits } = options
  if (announcedBytes !== null && announcedBytes > limits.bodyBytes) throw tooLarge(limits)
  const windows = new Windows(writer, Math.max(1, Math.min(announcedBytes ?? WINDOW_BYTES, WINDOW_BYTES)))
  try {
    const size = body === null ? 0 : await pump(body, options, (bytes) => windows.add(bytes))
    if (announcedBytes !== null && size !== announcedBytes)
      throw badRequest(`The body ended after ${size} of ${announcedBytes} bytes. Send it again.`)
    await windows.end()
    return { size, sums: windows.sums.bytes() }
  } finally {
    await windows.settled()
  }
}

/** Fills one window while the other is written. */
class Windows {
  readonly sums = collectSums()
  readonly #writer: BlobWriter
  readonly #bytes: number
  #filling: Uint8Array
  #spare: Uint8Array | null = null
  #filled = 0
  #writing: Promise<void> = Promise.resolve()

  constructor(writer: BlobWriter, bytes: number) {
    this.#writer = writer
    this.#bytes = bytes
    this.#filling = new Uint8Array(bytes)
  }

  async add(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      const taken = bytes.subarray(at, at + this.#bytes - this.#filled)
      this.#filling.set(taken, this.#filled)
      this.#filled += taken.length
      at += taken.length
      if (this.#filled === this.#bytes) await this.#flush()
    }
  }

  async end(): Promise<void> {
    if (this.#filled > 0) await this.#flush()
    await this.#writing
  }

  /** No write is under way any more. */
  async settled(): Promise<void> {
    await this.#writing.catch(() => {})
  }

  async #flush(): Promise<void> {
    const window = this.#filling.subarray(0, this.#filled)
    for (let at = 0; at < window.length; at += CHUNK_BYTES)
      this.sums.add(window.subarray(at, at + CHUNK_BYTES))
    await this.#writing
    this.#writing = this.#writer.write(window)
    // A failed write is seen by the next flush or by `end`.
    this.#writing.catch(() => {})
    const next = this.#spare ?? new Uint8Array(this.#bytes)
    this.#spare = this.#filling
    this.#filling = next
    this.#filled = 0
  }
}
