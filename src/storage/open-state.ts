import { join } from 'node:path'
import { databaseMigrations } from './database-migrations.ts'
import { type Database, openDatabase } from './database.ts'
import type { WriteRoom } from './sqlite/dialect.ts'
import { requireMatchingKey } from './key-check.ts'
import type { Migration } from './migrate.ts'
import { type Sealer, createSealer } from './sealer.ts'
import { openServerKey } from './server-key.ts'
import { refuseRemains, requireSameFolder } from './state-folder.ts'

export interface State<Tables> {
  readonly db: Database<Tables>
  readonly sealer: Sealer
}

export interface StateOptions<Tables> {
  readonly dataDir: string
  /** Of the rooms; those of the database itself are added. */
  readonly migrations: readonly Migration[]
  /** Opens something that was sealed with the right key, if there is anything. */
  readonly readSealed: (db: Database<Tables>, sealer: Sealer) => Promise<unknown>
  /** Makes room on a full disk before a write. */
  readonly room?: WriteRoom
}

/**
 * Opens what a server keeps in its data folder, or makes it in an empty one. Throws ConfigError, and deletes nothing,
 * when database, key and files do not belong together, or one is missing or damaged.
 */
export async function openState<Tables>({
  dataDir,
  migrations,
  readSealed,
  room,
}: StateOptions<Tables>): Promise<State<Tables>> {
  refuseRemains(dataDir)
  const databasePath = join(dataDir, 'ownspace.db')
  const sealer = createSealer(openServerKey(join(dataDir, 'server.key'), databasePath))
  const db = await openDatabase<Tables>(databasePath, [...databaseMigrations, ...migrations], room)
  try {
    await requireMatchingKey(db, sealer, () => readSealed(db, sealer))
    await requireSameFolder(db, dataDir)
    return { db, sealer }
  } catch (error) {
    await db.destroy()
    throw error
  }
}
