export type Bytes = AsyncIterable<Uint8Array>

/** Small pieces cost a turn of the event loop each. */
const PIECE_BYTES = 65_536

/** A pull stream: nothing is read ahead of the client. Cancelling it ends the generator, whose `finally` then runs. */
export function toStream(bytes: Bytes): ReadableStream<Uint8Array> {
  const pieces = gather(bytes)
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await pieces.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      async cancel() {
        await pieces.return(undefined)
      },
    },
    { highWaterMark: 1 },
  )
}

/** The same bytes in larger pieces, but for the first: it shows the client that the work has begun. */
async function* gather(bytes: Bytes): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = []
  let size = 0
  let least = 0
  for await (const piece of bytes) {
    held.push(piece)
    size += piece.length
    if (size <= least) continue
    least = PIECE_BYTES
    yield held.length === 1 ? held[0]! : Buffer.concat(held)
    held = []
    size = 0
  }
  if (size > 0) yield Buffer.concat(held)
}

/** All bytes as UTF-8. Throws above the limit. */
export async function collectText(bytes: Bytes, maxBytes: number): Promise<string> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of bytes) {
    size += piece.length
    if (size > maxBytes) throw new Error(`more than ${maxBytes} bytes`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}
