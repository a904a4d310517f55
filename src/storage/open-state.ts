import { join } from 'node:path'
import { type Database, openDatabase } from './database.ts'
import type { WriteRoom } from './sqlite/dialect.ts'
import { requireMatchingKey } from './key-check.ts'
import type { Migration } from './migrate.ts'
import { type Sealer, createSealer } from './sealer.ts'
import { storageMigrations } from './migrations/index.ts'
import { shownDatabase } from './postgres/errors.ts'
import { openPostgres } from './postgres/open.ts'
import { ServerLock } from './postgres/server-lock.ts'
import type { DatabaseConfig } from '../config/index.ts'
import { type Logger, silentLogger } from '../kernel/log.ts'
import type { StorageTables } from './schema.ts'
import { keyedFile, openServerKey } from './server-key.ts'
import { refuseRemains, refuseSqlite, requireSameFolder } from './state-folder.ts'

export interface State<Tables> {
  readonly db: Database<Tables>
  readonly sealer: Sealer
  /** Keeps other servers away; to be disposed after `db`. */
  readonly lock: AsyncDisposable | null
}

export interface StateOptions<Tables> {
  readonly dataDir: string
  /** PostgreSQL; null: a SQLite file in the data folder. */
  readonly database?: DatabaseConfig | null
  /** Of the subjects; those of the database itself are added. */
  readonly migrations: readonly Migration[]
  /** Opens something that was sealed with the right key, if there is anything. */
  readonly readSealed: (db: Database<Tables>, sealer: Sealer) => Promise<unknown>
  /** Makes room on a full disk before a write to the file. */
  readonly room?: WriteRoom
  readonly log?: Logger
  /** Another server has taken the PostgreSQL database while it could not be reached: this one must end. */
  readonly onTaken?: () => void
}

/**
 * Opens what a server keeps, or makes it for an empty data folder. Throws ConfigError, and deletes nothing, when
 * database, key and files do not belong together, or one is missing or damaged.
 */
export async function openState<Tables>(options: StateOptions<Tables>): Promise<State<Tables>> {
  const { db, serverKey, lock } = await (options.database
    ? openBesidePostgres(options, options.database)
    : openInFolder(options))
  const sealer = createSealer(serverKey)
  try {
    await requireMatchingKey(db, sealer, () => options.readSealed(db, sealer))
    await requireSameFolder(db, options.dataDir)
    return { db, sealer, lock }
  } catch (error) {
    await db.destroy()
    await lock?.[Symbol.asyncDispose]()
    throw error
  }
}

interface Opened<Tables> {
  readonly db: Database<Tables>
  readonly serverKey: Buffer
  readonly lock: AsyncDisposable | null
}

async function openInFolder<Tables>({
  dataDir,
  migrations,
  room,
}: StateOptions<Tables>): Promise<Opened<Tables>> {
  refuseRemains(dataDir)
  const path = join(dataDir, 'ownspace.db')
  const serverKey = openServerKey(keyPathOf(dataDir), keyedFile(path))
  const db = await openDatabase<Tables>(path, [...storageMigrations, ...migrations], room ? { room } : {})
  // The folder has one itself.
  return { serverKey, db, lock: null }
}

/** The key stays in the folder: a reader of the database alone cannot read what is sealed in it. */
async function openBesidePostgres<Tables>(
  { dataDir, migrations, log = silentLogger, onTaken = () => {} }: StateOptions<Tables>,
  config: DatabaseConfig,
): Promise<Opened<Tables>> {
  refuseSqlite(dataDir)
  await using parts = new AsyncDisposableStack()
  const lock = parts.use(await ServerLock.take({ config, log, onTaken }))
  const db = parts.use(await openPostgres<Tables>(config, [...storageMigrations, ...migrations]))
  const isUsed = await hasKeyCheck(db)
  const serverKey = openServerKey(keyPathOf(dataDir), { name: shownDatabase(config.url), isUsed })
  parts.move()
  return { db, serverKey, lock }
}

const keyPathOf = (dataDir: string): string => join(dataDir, 'server.key')

/** The first start on a database leaves one. */
async function hasKeyCheck<Tables>(db: Database<Tables>): Promise<boolean> {
  const rows = (db as unknown as Database<StorageTables>).selectFrom('key_check').select('only')
  return (await rows.executeTakeFirst()) !== undefined
}
