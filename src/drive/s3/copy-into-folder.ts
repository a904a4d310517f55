import type { Blobs } from '../content/blobs.ts'
import { WINDOW_BYTES } from '../content/receive.ts'

/** Copies blobs from one store into another, in the memory of one window. */
export async function copyIntoFolder(
  from: Blobs,
  ids: AsyncIterable<readonly string[]>,
  to: Blobs,
): Promise<void> {
  const window = new Uint8Array(WINDOW_BYTES)
  for await (const page of ids) for (const id of page) await copyOne(from, id, to, window)
}

async function copyOne(from: Blobs, id: string, to: Blobs, window: Uint8Array): Promise<void> {
  const reader = await from.open(id)
  const writer = await to.create(id)
  try {
    for (let at = 0; ;) {
      const count = await reader.read(at, window)
      await writer.write(window.subarray(0, count))
      at += count
      if (count < window.length) break
    }
    await writer.finish()
  } catch (error) {
    await writer.abandon()
    throw error
  } finally {
    await reader.close()
  }
}
