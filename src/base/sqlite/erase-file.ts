import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFile } from '../../kernel/durable.ts'
import { FILE } from './open-file.ts'

/** Deletes the documents in a folder of a collection, which must be closed. */
export async function eraseFile(folder: string): Promise<void> {
  // The log first: beside a missing database it would be taken for damage.
  for (const end of ['-wal', '-shm', '']) await rm(join(folder, FILE + end), { force: true })
  await syncFile(folder)
}
