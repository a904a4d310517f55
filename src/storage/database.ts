import type { Migration } from './migrate.ts'
import { openPostgres } from './postgres/open.ts'
import { type SqliteOptions, openSqlite } from './sqlite/open.ts'
import type { Database } from './transaction.ts'

export { type Database, transaction } from './transaction.ts'

/**
 * Opens the database at `location`, a path of a SQLite file or a `postgres://` address, and brings it up to date.
 * `await using` closes it. `options` are of a file. Throws ConfigError for a database that cannot
 * be used, such as one that a newer version wrote.
 */
export function openDatabase<Tables>(
  location: string,
  migrations: readonly Migration[],
  options?: SqliteOptions,
): Promise<Database<Tables>> {
  return isPostgresUrl(location)
    ? openPostgres<Tables>({ ...USUAL, url: location }, migrations)
    : openSqlite<Tables>(location, migrations, options)
}

const USUAL = { connections: 10, withinMs: 30_000 }

const isPostgresUrl = (location: string): boolean => /^postgres(ql)?:\/\//.test(location)
