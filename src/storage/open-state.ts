import { statSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError } from '../config/index.ts'
import { databaseMigrations } from './database-migrations.ts'
import { type Database, openDatabase } from './database.ts'
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
}

/**
 * Opens what a server keeps in its data folder, or makes it in an empty one. Throws ConfigError, and deletes nothing,
 * when database, key and files do not belong together, or one is missing, damaged or of another user.
 */
export async function openState<Tables>(options: StateOptions<Tables>): Promise<State<Tables>> {
  try {
    return await open(options)
  } catch (error) {
    throw accessError(error) ?? error
  }
}

async function open<Tables>({ dataDir, migrations, readSealed }: StateOptions<Tables>) {
  refuseRemains(dataDir)
  const databasePath = join(dataDir, 'ownspace.db')
  const sealer = createSealer(openServerKey(join(dataDir, 'server.key'), databasePath))
  const db = await openDatabase<Tables>(databasePath, [...databaseMigrations, ...migrations])
  try {
    await requireMatchingKey(db, sealer, () => readSealed(db, sealer))
    await requireSameFolder(db, dataDir)
    return { db, sealer }
  } catch (error) {
    await db.destroy()
    throw error
  }
}

/** A copy made by another user. Without a path it is another kind of refusal, such as that of a port. */
function accessError(error: unknown): ConfigError | null {
  const { code, path } = error as NodeJS.ErrnoException
  if ((code !== 'EACCES' && code !== 'EPERM') || path === undefined) return null
  const whose = ownerOf(path) === null ? '' : ` It belongs to user ${ownerOf(path)}.`
  return new ConfigError(
    `This user (${process.geteuid!()}) may not use ${path} (${code}).${whose}
Start the server as the user it belongs to, or give it the data folder: chown -R <user> <data folder>`,
    { cause: error },
  )
}

function ownerOf(path: string): number | null {
  try {
    return statSync(path).uid
  } catch {
    return null
  }
}
