import { join } from 'node:path'
import { type Database, openDatabase } from './database.ts'
import type { WriteRoom } from './sqlite/dialect.ts'
import { requireMatchingKey } from './key-check.ts'
import type { Migration } from './migrate.ts'
import { type Sealer, createSealer } from './sealer.ts'
import { storageMigrations } from './migrations/index.ts'
import { shownDatabase } from './postgres/errors.ts'
import type { StorageTables } from './schema.ts'
import { keyedFile, openServerKey } from './server-key.ts'
import { refuseRemains, refuseSqlite, requireSameFolder } from './state-folder.ts'

export interface State<Tables> {
  readonly db: Database<Tables>
  readonly sealer: Sealer
}

export interface StateOptions<Tables> {
  readonly dataDir: string
  /** Address of a PostgreSQL database; null: a SQLite file in the data folder. */
  readonly database?: string | null
  /** Of the subjects; those of the database itself are added. */
  readonly migrations: readonly Migration[]
  /** Opens something that was sealed with the right key, if there is anything. */
  readonly readSealed: (db: Database<Tables>, sealer: Sealer) => Promise<unknown>
  /** Makes room on a full disk before a write. */
  readonly room?: WriteRoom
}

/**
 * Opens what a server keeps, or makes it for an empty data folder. Throws ConfigError, and deletes nothing, when
 * database, key and files do not belong together, or one is missing or damaged.
 */
export async function openState<Tables>(options: StateOptions<Tables>): Promise<State<Tables>> {
  const { db, serverKey } = await (options.database
    ? openBesidePostgres(options, options.database)
    : openInFolder(options))
  const sealer = createSealer(serverKey)
  try {
    await requireMatchingKey(db, sealer, () => options.readSealed(db, sealer))
    await requireSameFolder(db, options.dataDir)
    return { db, sealer }
  } catch (error) {
    await db.destroy()
    throw error
  }
}

interface Opened<Tables> {
  readonly db: Database<Tables>
  readonly serverKey: Buffer
}

async function openInFolder<Tables>({
  dataDir,
  migrations,
  room,
}: StateOptions<Tables>): Promise<Opened<Tables>> {
  refuseRemains(dataDir)
  const path = join(dataDir, 'ownspace.db')
  const serverKey = openServerKey(keyPathOf(dataDir), keyedFile(path))
  return { serverKey, db: await openDatabase<Tables>(path, [...storageMigrations, ...migrations], room) }
}

/** The key stays in the folder: whoever can read the database cannot read what is sealed in it. */
async function openBesidePostgres<Tables>(
  { dataDir, migrations }: StateOptions<Tables>,
  url: string,
): Promise<Opened<Tables>> {
  refuseSqlite(dataDir)
  const db = await openDatabase<Tables>(url, [...storageMigrations, ...migrations])
  try {
    const isUsed = await hasKeyCheck(db)
    return { db, serverKey: openServerKey(keyPathOf(dataDir), { name: shownDatabase(url), isUsed }) }
  } catch (error) {
    await db.destroy()
    throw error
  }
}

const keyPathOf = (dataDir: string): string => join(dataDir, 'server.key')

/** The first start on a database leaves one. */
async function hasKeyCheck<Tables>(db: Database<Tables>): Promise<boolean> {
  const rows = (db as unknown as Database<StorageTables>).selectFrom('key_check').select('only')
  return (await rows.executeTakeFirst()) !== undefined
}
