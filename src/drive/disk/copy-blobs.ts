import { constants } from 'node:fs'
import { copyFile, link, mkdir } from 'node:fs/promises'
import { syncFile } from '../../kernel/durable.ts'
import { BlobMissing } from '../content/blobs.ts'
import { isCode } from './error-code.ts'
import { pathOf, shardOf } from './layout.ts'

/** Hard links where the file system allows them: blobs never change, so a link is as good as a copy. */
export async function copyBlobs(
  root: string,
  ids: AsyncIterable<readonly string[]>,
  target: string,
): Promise<void> {
  const shards = new Set<string>()
  await mkdir(target, { recursive: true, mode: 0o700 })
  for await (const page of ids)
    for (const id of page) {
      const shard = shardOf(target, id)
      if (!shards.has(shard)) await mkdir(shard, { recursive: true, mode: 0o700 })
      shards.add(shard)
      await linkOrCopy(pathOf(root, id), pathOf(target, id)).catch((error: unknown) => {
        throw isCode(error, 'ENOENT') ? new BlobMissing(id, error) : error
      })
    }
  for (const shard of shards) await syncFile(shard)
  await syncFile(target)
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
  } catch (error) {
    if (!isCode(error, 'EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'ENOSYS')) throw error
    await copyFile(from, to, constants.COPYFILE_EXCL)
    await syncFile(to)
  }
}
