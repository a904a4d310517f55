import { SQL } from 'bun'
import { HandleEmptyInListsPlugin, Kysely, replaceWithNoncontingentExpression } from 'kysely'
import { ConfigError } from '../../config/index.ts'
import { type Migration, migrate } from '../migrate.ts'
import { BunPostgresDialect } from './dialect.ts'
import { openError, shownDatabase } from './errors.ts'

/** The oldest that its makers still mend. */
const OLDEST = 14
const CONNECTIONS = 10
/** Every wait ends: for a connection, for the writer before, for a statement, for a server that left off in the middle. */
const CONNECT_SECONDS = 10
const SESSION = {
  application_name: 'ownspace',
  lock_timeout: '30s',
  statement_timeout: '60s',
  idle_in_transaction_session_timeout: '60s',
}

/**
 * Opens the PostgreSQL database at `url` and brings it up to date. `await using` closes it. Lost connections are made
 * again by the next query. Throws ConfigError for one that cannot be used as it is.
 */
export async function openPostgres<Tables>(
  url: string,
  migrations: readonly Migration[],
): Promise<Kysely<Tables>> {
  const client = new SQL({
    url,
    max: CONNECTIONS,
    bigint: true,
    connectionTimeout: CONNECT_SECONDS,
    connection: SESSION,
  })
  const db = new Kysely<Tables>({
    dialect: new BunPostgresDialect(client),
    plugins: [new HandleEmptyInListsPlugin({ strategy: replaceWithNoncontingentExpression })],
  })
  try {
    await requireFit(client, url)
    await migrate(db, migrations)
    return db
  } catch (error) {
    await db.destroy()
    throw openError(url, error) ?? error
  }
}

async function requireFit(client: SQL, url: string): Promise<void> {
  const [{ version, encoding }] = await client<[{ version: number; encoding: string }]>`
    select current_setting('server_version_num')::int / 10000 as version,
           current_setting('server_encoding') as encoding`
  const name = `The database ${shownDatabase(url)}`
  if (version < OLDEST)
    throw new ConfigError(
      `${name} is of PostgreSQL ${version}; Ownspace needs ${OLDEST} or newer. Update it, then start again.`,
    )
  if (encoding !== 'UTF8')
    throw new ConfigError(
      `${name} has the encoding ${encoding}; Ownspace needs UTF8. Create it again (createdb -E UTF8 -T template0), then start again.`,
    )
}
