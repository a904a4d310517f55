import { readdirSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import { ConfigError } from '../config/index.ts'
import { syncTrees, writeDurably } from '../kernel/durable.ts'
import { randomLabel } from '../kernel/ids.ts'
import type { StorageTables } from './schema.ts'

/** Names the database whose files lie in the folder. */
const MARK = 'database-id'
/** Only a database puts something there. */
const FOLDERS = ['revisions', 'uploads', 'build-logs', 'logs', 'collections', 'set-aside', 'restore-draft']
const FILES = [MARK, 'ownspace.db-wal']

/**
 * A folder whose database is missing is not a new one: started as new, it would have no owner, and would not know what
 * its files are. Call it before the database is made. Throws ConfigError.
 */
export function refuseRemains(dataDir: string): void {
  const databasePath = join(dataDir, 'ownspace.db')
  if (sizeOf(databasePath) > 0) return
  const remains = [
    ...FOLDERS.map((name) => ({ name: `${name}/`, isThere: hasEntries(join(dataDir, name)) })),
    ...FILES.map((name) => ({ name, isThere: sizeOf(join(dataDir, name)) > 0 })),
  ].filter(({ isThere }) => isThere)
  if (remains.length === 0) return
  throw new ConfigError(
    `The database ${databasePath} is missing, but the folder is not new: it has ${remains.map(({ name }) => name).join(', ')}.
Restore ownspace.db and server.key from the same backup, then start again. Nothing was deleted.
To start without what is there, choose an empty folder: --data <folder>`,
  )
}

/** A folder is either of a SQLite database or of a PostgreSQL one: nothing moves between them. Throws ConfigError. */
export function refuseSqlite(dataDir: string): void {
  if (sizeOf(join(dataDir, 'ownspace.db')) === 0) return
  throw new ConfigError(
    `${dataDir} is the folder of a SQLite database (ownspace.db), which --database would leave out.
Start without --database, or choose an empty folder for the PostgreSQL database: --data <folder>`,
  )
}

/**
 * Makes sure that the files in the folder are those of this database, and marks a folder that has no mark: a new one,
 * or one of an older version. Throws ConfigError.
 */
export async function requireSameFolder<Tables>(database: Kysely<Tables>, dataDir: string): Promise<void> {
  const id = await identityOf(database as unknown as Kysely<StorageTables>)
  const markPath = join(dataDir, MARK)
  const mark = (await readFile(markPath, 'utf8').catch(nullIfMissing))?.trim()
  if (mark === undefined) return writeMark(dataDir, id)
  if (mark === id) return
  throw new ConfigError(
    `The database of ${dataDir} is not the one that its other files belong to (${MARK} names ${mark.slice(0, 40)}, the database is ${id}).
Restore the whole folder from one backup, then start again.
If this database is the one to use: rm ${markPath}
Files that it does not know are then moved to ${join(dataDir, 'set-aside')}; none is deleted.`,
  )
}

/** And makes the folder itself outlast a power cut, which may be as new as the mark. */
async function writeMark(dataDir: string, id: string): Promise<void> {
  try {
    await writeDurably(join(dataDir, MARK), `${id}\n`, 0o600)
    await syncTrees([dataDir])
  } catch (error) {
    // A server whose disk is full starts, so that its owner can make room. The next start tries again.
    if (!['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code!)) throw error
  }
}

async function identityOf(db: Kysely<StorageTables>): Promise<string> {
  const row = await db.selectFrom('database_identity').select('id').executeTakeFirst()
  if (row) return row.id
  const id = `db_${randomLabel(16)}`
  await db.insertInto('database_identity').values({ only: 1, id }).execute()
  return id
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

const hasEntries = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true && readdirSync(path).length > 0

function nullIfMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
