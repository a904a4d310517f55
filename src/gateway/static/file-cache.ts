import { statSync } from 'node:fs'
import { isSameState } from './open-inside.ts'
import type { StaticFile } from './static-file.ts'

export interface FileCache {
  /** By absolute path, as `findFile` spells it. Null if the file is not cached or has changed on disk. */
  get(path: string): StaticFile | null
  put(path: string, file: StaticFile): void
  drop(path: string): void
  /** An upper bound of the memory that cached files take. */
  readonly usedBytes: number
}

export interface FileCacheOptions {
  readonly maxBytes?: number
  readonly now?: () => number
}

interface Slot {
  readonly file: StaticFile
  readonly bytes: number
  checkedAtMs: number
  wasUsed: boolean
}

/** Headers, room for a head and the map's overhead for each representation: a million empty files are not free. */
const OVERHEAD_BYTES = 3072

/** The folder of a revision never changes after it was created: this is for edits by hand. */
const RECHECK_MS = 1000

/**
 * Caches recently requested files: small files whole, large ones as a description; at most `maxBytes`. At most once a
 * second it asks the kernel whether a file is unchanged: asking at every hit took a tenth of the whole request. When
 * full, it evicts what was not used since the last round (CLOCK): unlike with LRU, a hit only sets a flag.
 */
export function createFileCache({
  maxBytes = 32 * 1024 * 1024,
  now = Date.now,
}: FileCacheOptions = {}): FileCache {
  const slots = new Map<string, Slot>()
  let usedBytes = 0

  const add = (path: string, slot: Slot) => {
    slots.set(path, slot)
    usedBytes += slot.bytes
  }
  const drop = (path: string) => {
    usedBytes -= slots.get(path)?.bytes ?? 0
    slots.delete(path)
  }
  const makeRoom = (bytes: number) => {
    for (const [path, slot] of slots) {
      if (usedBytes + bytes <= maxBytes) return
      drop(path)
      // Used since the last round: moved to the end with its flag cleared, and evicted in the next round.
      if (slot.wasUsed) add(path, { ...slot, wasUsed: false })
    }
  }
  const isCurrent = (path: string, slot: Slot) => {
    const nowMs = now()
    if (Math.abs(nowMs - slot.checkedAtMs) < RECHECK_MS) return true
    slot.checkedAtMs = nowMs
    return isUnchanged(path, slot.file)
  }
  return {
    get usedBytes() {
      return usedBytes
    },
    get(path) {
      const slot = slots.get(path)
      if (slot === undefined) return null
      if (!isCurrent(path, slot)) {
        drop(path)
        return null
      }
      slot.wasUsed = true
      return slot.file
    },
    drop,
    put(path, file) {
      drop(path)
      const bytes = bytesOf(path, file)
      if (bytes > maxBytes) return
      makeRoom(bytes)
      add(path, { file, bytes, checkedAtMs: now(), wasUsed: false })
    },
  }
}

function bytesOf(path: string, { representations }: StaticFile): number {
  const kept = representations.map(({ content, size }) => (content.kind === 'memory' ? size : 0))
  return kept.reduce((sum, bytes) => sum + bytes + OVERHEAD_BYTES, path.length * 2)
}

function isUnchanged(path: string, { stats }: StaticFile): boolean {
  try {
    return isSameState(statSync(path), stats)
  } catch {
    return false
  }
}
