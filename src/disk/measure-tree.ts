import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

export interface TreeSize {
  /** Size on disk: holes cost nothing, and each file costs at least one block. */
  readonly bytes: number
  /** The whole tree was counted: it is not larger than `upTo`, and every part was readable. */
  readonly isWhole: boolean
}

/** An empty file uses an inode; without a cost, millions of them would count as nothing. */
const ENTRY_MIN_BYTES = 4096
const BLOCK_BYTES = 512
/** Files per turn of the event loop: a slow disk must not delay requests. */
const SLICE_MS = 4
/** The file was removed or replaced after its folder was read: builds write during the measurement. */
const GONE = new Set(['ENOENT', 'ENOTDIR'])

/**
 * The size of the tree at `dir`. Follows no link, counts a file with several names once, and stops above `upTo`. If a part
 * cannot be read (permissions, path length), the result is marked as incomplete. A missing tree has size 0.
 */
export async function measureTree(dir: string, upTo = Number.POSITIVE_INFINITY): Promise<TreeSize> {
  const linked = new Set<string>()
  const left = [dir]
  let bytes = 0
  let isWhole = true
  let sinceMs = performance.now()
  while (left.length > 0 && bytes <= upTo) {
    if (performance.now() - sinceMs > SLICE_MS) {
      await new Promise(setImmediate)
      sinceMs = performance.now()
    }
    const path = left.pop()!
    try {
      const stat = lstatSync(path)
      if (stat.nlink > 1 && !stat.isDirectory()) {
        const file = `${stat.dev}:${stat.ino}`
        if (linked.has(file)) continue
        linked.add(file)
      }
      bytes += Math.max(stat.blocks * BLOCK_BYTES, ENTRY_MIN_BYTES)
      if (stat.isDirectory()) for (const name of readdirSync(path)) left.push(join(path, name))
    } catch (error) {
      if (!GONE.has(String((error as NodeJS.ErrnoException).code))) isWhole = false
    }
  }
  return { bytes, isWhole: isWhole && bytes <= upTo }
}
