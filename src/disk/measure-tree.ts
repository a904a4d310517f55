import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

export interface TreeSize {
  /** On the disk, not as files claim: holes are free, and a file costs at least one block. */
  readonly bytes: number
  /** All of it was counted: it is not larger than `upTo`, and no part of it was out of reach. */
  readonly isWhole: boolean
}

/** An empty file takes an inode; without a price, millions of them would count as nothing. */
const ENTRY_MIN_BYTES = 4096
const BLOCK_BYTES = 512
/** Between two turns of the event loop: a disk that is slow must not hold up requests. */
const SLICE_MS = 4
/** Removed or replaced since its folder was read: builds write while they are measured. */
const GONE = new Set(['ENOENT', 'ENOTDIR'])

/**
 * What the tree at `dir` takes up. Follows no link, counts a file with several names once, and stops as soon as it is
 * larger than `upTo`. A part that cannot be read (no right, a path too long) leaves it not whole. Nothing there: 0.
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
