import { closeSync } from 'node:fs'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DISK_FULL, diskSpace } from '../../disk/index.ts'
import { syncFile } from '../../kernel/durable.ts'
import { type Blobs, BlobMissing } from '../content/blobs.ts'
import { CHUNK_BYTES } from '../content/chunk-sums.ts'
import { NoRoom } from '../errors.ts'
import { copyBlobs } from './copy-blobs.ts'
import { openFile, readAt } from './descriptors.ts'
import { isCode } from './error-code.ts'
import { createFileWriter } from './file-writer.ts'
import { SHARD, isBlobId, pathOf } from './layout.ts'

export interface DiskBlobsOptions {
  /** Exists; `blobs/` is made in it. */
  readonly folder: string
  /** With less free space than this after a write, `requireRoom` throws. */
  readonly minFreeBytes: number
}

/** Blobs as files in a few dozen folders, each written once. */
export function diskBlobs({ folder, minFreeBytes }: DiskBlobsOptions): Blobs {
  const root = join(folder, 'blobs')
  return {
    readBytes: CHUNK_BYTES,
    create: (id) => createFileWriter(root, id),

    async open(id) {
      const fd = await openFile(pathOf(root, id), 'r').catch((error: unknown) => {
        throw isCode(error, 'ENOENT') ? new BlobMissing(id, error) : error
      })
      return { read: (at, into) => readAt(fd, into, at), close: async () => closeSync(fd) }
    },

    async remove(ids) {
      for (const id of ids) await rm(pathOf(root, id), { force: true })
    },

    async *list() {
      for (const shard of await namesIn(root))
        if (SHARD.test(shard)) yield (await namesIn(join(root, shard))).filter(isBlobId)
    },

    async writtenMs(id) {
      try {
        return (await stat(pathOf(root, id))).mtimeMs
      } catch (error) {
        if (isCode(error, 'ENOENT')) return null
        throw error
      }
    },

    copyTo: (ids, target) => copyBlobs(root, ids, join(target, 'blobs')),

    requireRoom(bytes) {
      if (diskSpace(folder).availableBytes < bytes + minFreeBytes) throw new NoRoom(DISK_FULL)
    },
  }
}

/** Makes the folder of `diskBlobs`. */
export async function createBlobFolder(folder: string): Promise<void> {
  await mkdir(join(folder, 'blobs'), { mode: 0o700 }).catch((error: unknown) => {
    if (!isCode(error, 'EEXIST')) throw error
  })
  await syncFile(folder)
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return []
    throw error
  }
}
