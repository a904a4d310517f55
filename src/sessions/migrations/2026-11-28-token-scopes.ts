import type { ColumnDefinitionBuilder, Kysely } from 'kysely'
import type { Migration } from '../../storage/index.ts'

/** Tokens from before keep all rights and their end. Open log-ins have no known origin and begin again. */
export const tokenScopes: Migration = {
  name: '2026-11-28-sessions-token-scopes',
  recordedAs: '2026-11-28-accounts-token-scopes',
  up: async (db) => {
    await add(db, 'access_tokens', 'scope', 'text', (c) => c.notNull().defaultTo('all'))
    await add(db, 'access_tokens', 'idle_ms', 'integer')
    await add(db, 'access_tokens', 'ends_at_ms', 'integer', (c) => c.notNull().defaultTo(0))
    await db
      .updateTable('access_tokens')
      .set((e) => ({ ends_at_ms: e.ref('expires_at_ms') }))
      .execute()
    await db.deleteFrom('cli_logins').execute()
    await add(db, 'cli_logins', 'scope', 'text', (c) => c.notNull().defaultTo('all'))
    await add(db, 'cli_logins', 'client', 'text', (c) => c.notNull().defaultTo(''))
    await add(db, 'cli_logins', 'network', 'text', (c) => c.notNull().defaultTo(''))
    await db.schema.createIndex('cli_logins_by_network').on('cli_logins').column('network').execute()
  },
}

/** One statement a column: SQLite adds no two at once. */
function add(
  db: Kysely<unknown>,
  table: string,
  name: string,
  type: 'text' | 'integer',
  build: (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder = (c) => c,
): Promise<void> {
  return db.schema.alterTable(table).addColumn(name, type, build).execute()
}
