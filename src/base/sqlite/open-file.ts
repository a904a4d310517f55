import type { Database } from 'bun:sqlite'
import { chmodSync, closeSync, existsSync, openSync, statSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { syncFile } from '../../kernel/durable.ts'
import { connect } from './connection.ts'
import { damaged, unusable } from './errors.ts'
import { APPLICATION_ID, STEPS, migrate, versionOf } from './schema.ts'

export const FILE = 'base.db'

/** Whether the collection has documents. Throws BaseFault where its file has vanished from beside its log. */
export function isFileThere(folder: string): boolean {
  if (existsSync(join(folder, FILE))) return true
  const log = statSync(join(folder, `${FILE}-wal`), { throwIfNoEntry: false })
  if (log && log.size > 0)
    throw unusable(
      `The database of this collection has vanished. Restore ${FILE} beside ${FILE}-wal, or delete both.`,
    )
  return false
}

/** Opens the file and brings it up to date. Throws BaseFault for a damaged or foreign one, or one of a newer version. */
export function openFile(folder: string): Database {
  const database = connect(join(folder, FILE))
  try {
    const { application, version } = versionOf(database)
    if (application !== APPLICATION_ID)
      throw damaged(new Error(`${FILE} has the application id ${application}`))
    if (version > STEPS.length)
      throw unusable('The database of this collection was written by a newer version. Update this server.')
    migrate(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** Makes the file, mode 0600. It has its tables and is on the disk before it has its name. */
export async function createFile(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const draft = join(folder, `${FILE}.draft`)
  for (const end of ['', '-wal', '-shm']) await rm(draft + end, { force: true })
  closeSync(openSync(draft, 'wx', 0o600))
  chmodSync(draft, 0o600)
  const database = connect(draft)
  try {
    migrate(database)
  } finally {
    database.close()
  }
  await syncFile(draft)
  await rename(draft, join(folder, FILE))
  await syncFile(folder)
  await syncFile(dirname(folder))
}
