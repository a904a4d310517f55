import type { SQL } from 'bun'
import { HandleEmptyInListsPlugin, Kysely, replaceWithNoncontingentExpression } from 'kysely'
import { ConfigError, type DatabaseConfig } from '../../config/index.ts'
import { type Migration, migrate } from '../migrate.ts'
import { BunPostgresDialect } from './dialect.ts'
import { connect } from './connect.ts'
import { openError, shownDatabase } from './errors.ts'

/** The oldest that its makers still mend. */
const OLDEST = 14

/**
 * Opens a PostgreSQL database and brings it up to date. `await using` closes it. Lost connections are made again by the
 * next query. Throws ConfigError for a database that cannot be used as it is.
 */
export async function openPostgres<Tables>(
  config: DatabaseConfig,
  migrations: readonly Migration[],
): Promise<Kysely<Tables>> {
  const client = connect(config, { name: 'ownspace' })
  const db = new Kysely<Tables>({
    dialect: new BunPostgresDialect(client),
    plugins: [new HandleEmptyInListsPlugin({ strategy: replaceWithNoncontingentExpression })],
  })
  try {
    requireFit(await propertiesOf(client), config)
    await migrate(db, migrations)
    return db
  } catch (error) {
    await db.destroy()
    throw openError(config.url, error) ?? error
  }
}

export interface ServerProperties {
  /** Major. */
  readonly version: number
  readonly encoding: string
}

async function propertiesOf(client: SQL): Promise<ServerProperties> {
  const [properties] = await client<[ServerProperties]>`
    select current_setting('server_version_num')::int / 10000 as version,
           current_setting('server_encoding') as encoding`
  return properties
}

/** Throws ConfigError for a server that is too old, and for a database that cannot keep every character. */
export function requireFit({ version, encoding }: ServerProperties, { url }: { readonly url: string }): void {
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
