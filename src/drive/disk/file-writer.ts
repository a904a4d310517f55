import { type FileHandle, mkdir, open, rm } from 'node:fs/promises'
import { syncFile } from '../../kernel/durable.ts'
import type { BlobWriter } from '../content/blobs.ts'
import { isCode } from './error-code.ts'
import { pathOf, shardOf } from './layout.ts'

/**
 * Writes the file under its final name: no row of the index refers to the id before the file is on the disk, so there is
 * nothing for a rename to protect.
 */
export async function createFileWriter(root: string, id: string): Promise<BlobWriter> {
  const path = pathOf(root, id)
  const file = await createFile(root, id, path)
  let isClosed = false
  const close = async () => {
    if (isClosed) return
    isClosed = true
    await file.close()
  }
  return {
    write: (bytes) => writeAll(file, bytes),
    async finish() {
      await file.datasync()
      await close()
      await syncFile(shardOf(root, id))
    },
    async abandon() {
      // What stays is an orphan, which a sweep finds.
      await close().catch(() => {})
      await rm(path, { force: true }).catch(() => {})
    },
  }
}

async function createFile(root: string, id: string, path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600)
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error
    // Not recursive: a collection that was deleted must not come back.
    await mkdir(shardOf(root, id), { mode: 0o700 }).catch(ignoreExisting)
    await syncFile(root)
    return await open(path, 'wx', 0o600)
  }
}

function ignoreExisting(error: unknown): void {
  if (!isCode(error, 'EEXIST')) throw error
}

/** A nearly full disk may take only a part. */
async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at, bytes.length - at)).bytesWritten
}
