import { closeSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { syncFile } from '../../kernel/durable.ts'
import type { BlobWriter } from '../content/blobs.ts'
import { append, dataSync, openFile, syncWithFolder } from './descriptors.ts'
import { isCode } from './error-code.ts'
import { pathOf, shardOf } from './layout.ts'

/** So much is written to the disk while more arrives: the sync at the end then finds little left. */
const EARLY_SYNC_BYTES = 4 * 1_048_576

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
  const early = earlySync(fd)
  return {
    async write(bytes) {
      await append(fd, bytes)
      early.wrote(bytes.length)
    },
    async finish() {
      await early.ended()
      await syncWithFolder(fd, shardOf(root, id))
      close()
    },
    async abandon() {
      // A closed descriptor may belong to another file at once.
      await early.ended().catch(() => {})
      close()
      // What stays is an orphan, which a sweep finds.
      await rm(path, { force: true }).catch(() => {})
    },
  }
}

/** One sync at a time. A failure is kept: the kernel reports it once, and a later sync would succeed without the data. */
function earlySync(fd: number): { wrote(bytes: number): void; ended(): Promise<void> } {
  let unsynced = 0
  let isSyncing = false
  let syncing: Promise<void> = Promise.resolve()
  return {
    wrote(bytes) {
      unsynced += bytes
      if (isSyncing || unsynced < EARLY_SYNC_BYTES) return
      unsynced = 0
      isSyncing = true
      const before = syncing
      syncing = dataSync(fd)
        .finally(() => (isSyncing = false))
        .then(() => before)
      // Seen by `ended`.
      syncing.catch(() => {})
    },
    ended: () => syncing,
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
