import type { S3File } from 'bun'
import type { BlobWriter } from '../content/blobs.ts'
import { WINDOW_BYTES } from '../content/receive.ts'

/** Of a multipart upload; the least that S3 takes. One part is in flight at a time, so memory stays flat. */
const PART_BYTES = 5 * 1_048_576

type InTime = <T>(what: string, request: Promise<T>) => Promise<T>

/** One request for what fits into a window; a multipart upload for more. */
export function createObjectWriter(file: S3File, inTime: InTime): BlobWriter {
  let first: Uint8Array | null = null
  let sink: ReturnType<S3File['writer']> | null = null
  const stream = async (bytes: Uint8Array) => {
    sink ??= file.writer({ partSize: PART_BYTES, queueSize: 1, retry: 3 })
    await sink.write(bytes)
    await inTime('a write', Promise.resolve(sink.flush()))
  }
  return {
    async write(bytes) {
      if (first === null && sink === null && bytes.length <= WINDOW_BYTES) {
        // The caller fills the same memory with what follows.
        first = new Uint8Array(bytes)
        return
      }
      if (first !== null) {
        const held = first
        first = null
        await stream(held)
      }
      await stream(bytes)
    },
    async finish() {
      if (sink !== null) await inTime('the end of a write', Promise.resolve(sink.end()))
      else await inTime('a write', file.write(first ?? new Uint8Array()))
    },
    async abandon() {
      // A multipart upload without an end leaves no object.
      const error = new Error('abandoned')
      if (sink !== null) await inTime('the end of a write', Promise.resolve(sink.end(error))).catch(() => {})
      await inTime('a deletion', file.delete()).catch(() => {})
    },
  }
}
