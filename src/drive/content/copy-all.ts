import { createHash } from 'node:crypto'
import { copyIntoFolder } from '../s3/copy-into-folder.ts'
import type { Blobs } from './blobs.ts'
import { WINDOW_BYTES } from './receive.ts'

/** Copies all blobs to another store, which has none of them, and compares. Throws when one differs. */
export async function copyAllBlobs(from: Blobs, to: Blobs): Promise<{ blobs: number; bytes: number }> {
  await copyIntoFolder(from, from.list(), to)
  const total = { blobs: 0, bytes: 0 }
  for await (const page of from.list())
    for (const id of page) {
      const [source, copy] = [await digestOf(from, id), await digestOf(to, id)]
      if (source.hex !== copy.hex) throw new Error(`the copy of blob ${id} differs`)
      total.blobs += 1
      total.bytes += source.bytes
    }
  return total
}

export async function eraseAllBlobs(blobs: Blobs): Promise<void> {
  for await (const page of blobs.list()) await blobs.remove(page)
}

async function digestOf(blobs: Blobs, id: string): Promise<{ hex: string; bytes: number }> {
  const hash = createHash('sha256')
  const window = new Uint8Array(WINDOW_BYTES)
  const reader = await blobs.open(id)
  try {
    for (let at = 0; ;) {
      const count = await reader.read(at, window)
      hash.update(window.subarray(0, count))
      at += count
      if (count < window.length) return { hex: hash.digest('hex'), bytes: at }
    }
  } finally {
    await reader.close()
  }
}
