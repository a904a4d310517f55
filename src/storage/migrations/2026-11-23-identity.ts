import { sql } from 'kysely'
import { createTable } from '../dialect.ts'
import type { Migration } from '../migrate.ts'

/** Tables that tell whether the database, its key and its folder belong together. One row each. */
export const identity: Migration = {
  name: '2026-11-23-storage-identity',
  recordedAs: '2026-11-23-db-identity',
  up: async (db) => {
    for (const [table, column] of [
      ['key_check', 'sealed'],
      ['database_identity', 'id'],
    ] as const)
      await createTable(db, table)
        .addColumn('only', 'integer', (c) => c.primaryKey().check(sql`${sql.ref('only')} = 1`))
        .addColumn(column, 'text', (c) => c.notNull())
        .execute()
  },
}
