import { Database as BunDatabase } from 'bun:sqlite'
import { chmodSync, closeSync, openSync } from 'node:fs'
import { HandleEmptyInListsPlugin, Kysely, replaceWithNoncontingentExpression } from 'kysely'
import { ConfigError } from '../../config/index.ts'
import { type Migration, migrate } from '../migrate.ts'
import { BunSqliteDialect, type WriteRoom } from './dialect.ts'

export interface SqliteOptions {
  /** Makes room on a full disk. */
  readonly room?: WriteRoom
  /**
   * False: a damaged page is found by the first query that needs it, and opening takes no longer for a large file. For
   * files that are opened while requests wait.
   */
  readonly isChecked?: boolean
}

/**
 * Opens (or creates, mode 0600) the SQLite file at `path` and brings it up to date. `await using` closes it.
 * Throws ConfigError for a database that a newer version wrote, and for a damaged one.
 *
 * There is one connection: a transaction holds it until its callback ends. Inside, use only the transaction's own
 * handle, as a query on the outer one would wait for the transaction that waits for it.
 */
export async function openSqlite<Tables>(
  path: string,
  migrations: readonly Migration[],
  { room = UNGUARDED, isChecked = true }: SqliteOptions = {},
): Promise<Kysely<Tables>> {
  // Created before SQLite does, so that there is no moment in which others may read it; the WAL takes its mode.
  closeSync(openSync(path, 'a', 0o600))
  chmodSync(path, 0o600)
  const connection = new BunDatabase(path, { readwrite: true })
  try {
    configure(connection)
    if (isChecked) requireWhole(connection)
    const db = new Kysely<Tables>({
      dialect: new BunSqliteDialect(connection, room),
      plugins: [new HandleEmptyInListsPlugin({ strategy: replaceWithNoncontingentExpression })],
    })
    await migrate(db, migrations)
    return db
  } catch (error) {
    connection.close()
    throw damageError(path, error) ?? error
  }
}

const UNGUARDED: WriteRoom = { beforeWrite: () => {}, release: () => {} }

/** Reads every page: a damaged one is found now, and not by the request that needs it. 100 MB take a tenth of a second. */
function requireWhole(connection: BunDatabase): void {
  const finding = connection.query<{ quick_check: string }, []>('pragma quick_check(1)').get()?.quick_check
  // The line before the last one is a heading.
  if (finding !== 'ok')
    throw Object.assign(new Error(finding?.split('\n').at(-1)), { code: 'SQLITE_CORRUPT' })
}

function damageError(path: string, error: unknown): ConfigError | null {
  const { code, message } = error as { code?: unknown; message: string }
  if (!/^SQLITE_(NOTADB|CORRUPT|IOERR_SHORT_READ)/.test(String(code))) return null
  return new ConfigError(
    `The database ${path} is damaged (${message}).\nRestore ownspace.db and server.key from the same backup, then start again.`,
    { cause: error },
  )
}

/** The timeout comes first: changing the journal mode takes a lock and would fail at once without it. */
function configure(connection: BunDatabase): void {
  connection.run('pragma busy_timeout = 5000')
  connection.run('pragma journal_mode = wal')
  // An answered write survives a power cut, not only a crash of the process.
  connection.run('pragma synchronous = full')
  connection.run('pragma foreign_keys = on')
  connection.run('pragma trusted_schema = off')
}
