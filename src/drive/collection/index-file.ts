import { type Stats, existsSync, statSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFile, writeDurably } from '../../kernel/durable.ts'
import { type Database, openDatabase } from '../../storage/index.ts'
import { createBlobFolder } from '../disk/disk-blobs.ts'
import { Damaged } from '../errors.ts'
import { driveMigrations } from '../files/migrations/index.ts'
import type { DriveTables } from '../files/schema.ts'

export const INDEX_FILE = 'files.db'
/** Written once the index exists: from then on a missing index is a loss, and never a new collection. */
const MARK = 'version'

export interface OpenIndex extends AsyncDisposable {
  readonly db: Database<DriveTables>
  /** Throws Damaged when the file was removed or replaced: what is written now would be lost. */
  requireThere(): void
  bytes(): number
}

/** Makes the folder and the index of a new collection. Throws Damaged for an index that is missing or cannot be read. */
export async function openIndexFile(folder: string): Promise<OpenIndex> {
  const path = join(folder, INDEX_FILE)
  const isMarked = existsSync(join(folder, MARK))
  if (isMarked && !fileAt(path)?.size)
    throw new Damaged(
      `${path} is missing or empty: restore it from a backup, together with the files beside it`,
    )
  if (!isMarked) await makeFolder(folder)
  const db = await openDatabase<DriveTables>(path, driveMigrations, { isChecked: false }).catch(
    (error: unknown) => {
      throw new Damaged(
        `${path} cannot be opened: restore it from a backup, together with the files beside it`,
        error,
      )
    },
  )
  if (!isMarked) await mark(folder)
  const opened = fileAt(path)!
  return {
    db,
    requireThere() {
      const now = fileAt(path)
      if (now?.ino !== opened.ino || now.dev !== opened.dev)
        throw new Damaged(`${path} was removed or replaced while it was open`)
    },
    bytes: () => fileAt(path)?.size ?? 0,
    [Symbol.asyncDispose]: () => db.destroy(),
  }
}

export const hasIndexFile = (folder: string): boolean => existsSync(join(folder, MARK))

/** Of a copy that is complete. */
export async function mark(folder: string): Promise<void> {
  await syncFile(folder)
  await writeDurably(join(folder, MARK), '1\n', 0o600)
}

export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await createBlobFolder(folder)
  await syncFile(join(folder, '..'))
}

const fileAt = (path: string): Stats | undefined => statSync(path, { throwIfNoEntry: false })
