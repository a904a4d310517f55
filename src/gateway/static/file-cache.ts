import { statSync } from 'node:fs'
import type { StaticFile } from './find-file.ts'
import { isSameState } from './open-inside.ts'

export interface FileCache {
  /** By absolute path. Null when it is not kept or no longer what is on disk. */
  get(path: string): StaticFile | null
  put(path: string, file: StaticFile): void
  drop(path: string): void
  /** What is kept, an upper bound for what it takes in memory. */
  readonly usedBytes: number
}

interface Slot {
  readonly file: StaticFile
  readonly bytes: number
  used: boolean
}

/** Headers, validators and the map's own share of a representation, so that a million empty files are not free. */
const OVERHEAD_BYTES = 1024

/**
 * Keeps what was asked for lately: small files whole, of large ones the description; at most `maxBytes`. Every hit asks
 * the kernel whether the file is still the same (1.5 µs, a tenth of finding it anew), so a change shows with the next
 * request. When full, what was not used since the last round goes first (CLOCK): unlike LRU, a hit sets one flag.
 */
export function createFileCache(maxBytes = 24 * 1024 * 1024): FileCache {
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
      // A second chance, at the end of the queue; the loop comes by again and finds the flag down.
      if (slot.used) add(path, { ...slot, used: false })
    }
  }
  return {
    get usedBytes() {
      return usedBytes
    },
    get(path) {
      const slot = slots.get(path)
      if (slot === undefined) return null
      if (!isUnchanged(path, slot.file)) {
        drop(path)
        return null
      }
      slot.used = true
      return slot.file
    },
    drop,
    put(path, file) {
      drop(path)
      const bytes = bytesOf(path, file)
      if (bytes > maxBytes) return
      makeRoom(bytes)
      add(path, { file, bytes, used: false })
    },
  }
}

function bytesOf(path: string, { representations }: StaticFile): number {
  const kept = representations.map(({ content }) => (content.kind === 'memory' ? content.bytes.length : 0))
  return kept.reduce((sum, bytes) => sum + bytes + OVERHEAD_BYTES, path.length * 2)
}

function isUnchanged(path: string, { stats }: StaticFile): boolean {
  try {
    return isSameState(statSync(path), stats)
  } catch {
    return false
  }
}
