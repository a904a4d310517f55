import { closeSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { syncFile } from '../../kernel/durable.ts'
import type { BlobWriter } from '../content/blobs.ts'
import { append, openFile, syncWithFolder } from './descriptors.ts'
import { isCode } from './error-code.ts'
import { pathOf, shardOf } from './layout.ts'

/**
 * Writes the file under its final name: no row of the index refers to the id before the file is on the disk, so there is
 * nothing for a rename to protect.
 */
export async function createFileWriter(root: string, id: string): Promise<BlobWriter> {
  const path = pathOf(root, id)
  const fd = await createFile(root, id, path)
  let isOpen = true
  const close = () => {
    if (isOpen) closeSync(fd)
    isOpen = false
  }
  return {
    write: (bytes) => append(fd, bytes),
    async finish() {
      await syncWithFolder(fd, shardOf(root, id))
      close()
    },
    async abandon() {
      close()
      // What stays is an orphan, which a sweep finds.
      await rm(path, { force: true }).catch(() => {})
    },
  }
}

async function createFile(root: string, id: string, path: string): Promise<number> {
  try {
    return await openFile(path, 'wx', 0o600)
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error
    // Not recursive: a collection that was deleted must not come back.
    await mkdir(shardOf(root, id), { mode: 0o700 }).catch(ignoreExisting)
    await syncFile(root)
    return await openFile(path, 'wx', 0o600)
  }
}

function ignoreExisting(error: unknown): void {
  if (!isCode(error, 'EEXIST')) throw error
}
