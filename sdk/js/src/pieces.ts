import type { Content, PutFile } from '../index.d.ts'

/** The largest body of one call (10 MiB). */
export const PIECE_BYTES = 10 * 1_024 * 1_024

/** The content in pieces of this size; the last one may be smaller. An empty file has none. */
export async function* piecesOf(file: PutFile): AsyncGenerator<Blob, void> {
  const content = 'path' in file ? await openFile(file.path) : file.data
  if (isStream(content)) return yield* gathered(content)
  const blob = content instanceof Blob ? content : new Blob([content])
  for (let at = 0; at < blob.size; at += PIECE_BYTES) yield blob.slice(at, at + PIECE_BYTES)
}

/** The name is computed, so that bundlers for browsers leave it alone. */
async function openFile(path: string): Promise<Blob> {
  const fs = ['node', 'fs'].join(':')
  const { openAsBlob } = (await import(fs)) as { openAsBlob(path: string): Promise<Blob> }
  return await openAsBlob(path)
}

type Stream = Extract<Content, AsyncIterable<unknown>>

const isStream = (content: Content): content is Stream =>
  typeof content === 'object' && Symbol.asyncIterator in content

async function* gathered(stream: Stream): AsyncGenerator<Blob, void> {
  let waiting: Uint8Array<ArrayBuffer>[] = []
  let bytes = 0
  for await (let chunk of stream) {
    while (bytes + chunk.length >= PIECE_BYTES) {
      const fits = PIECE_BYTES - bytes
      yield new Blob([...waiting, chunk.subarray(0, fits)])
      chunk = chunk.subarray(fits)
      waiting = []
      bytes = 0
    }
    if (chunk.length > 0) waiting.push(chunk)
    bytes += chunk.length
  }
  if (bytes > 0) yield new Blob(waiting)
}
