import { randomUUID } from 'node:crypto'
import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { isDiskFull, removeTree } from '../disk/index.ts'

/** In the cache folder itself, so that a rename stays within one file system. */
export const discardedDir = (cacheDir: string): string => join(cacheDir, 'discarded')

/**
 * Removes a part of the cache. It is renamed synchronously, so that a build that starts in the next moment finds all of
 * it or nothing.
 */
export async function discard(path: string, cacheDir: string): Promise<void> {
  const bin = discardedDir(cacheDir)
  const target = join(bin, randomUUID())
  try {
    mkdirSync(bin, { recursive: true, mode: 0o700 })
    renameSync(path, target)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    if (!isDiskFull(error)) throw error
    // The disk is too full for another folder, and so for a build.
    return removeTree(path)
  }
  await removeTree(target)
}
