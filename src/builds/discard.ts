import { randomUUID } from 'node:crypto'
import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { isDiskFull, removeTree } from '../disk/index.ts'

/** Beside what it takes: a rename within one file system. */
export const binOf = (cacheDir: string): string => join(cacheDir, 'discarded')

/**
 * Removes a part of the cache. It is gone from its place before anything else can happen in this process, so that a
 * build that begins in the next moment finds all of it or nothing.
 */
export async function discard(path: string, cacheDir: string): Promise<void> {
  const bin = binOf(cacheDir)
  const target = join(bin, randomUUID())
  try {
    mkdirSync(bin, { recursive: true, mode: 0o700 })
    renameSync(path, target)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    if (!isDiskFull(error)) throw error
    // No room for another folder, and so for no build either.
    return removeTree(path)
  }
  await removeTree(target)
}
