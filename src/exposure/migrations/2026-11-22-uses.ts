import { sql } from 'kysely'
import { type Migration, createTable } from '../../storage/index.ts'

export const uses: Migration = {
  name: '2026-11-22-exposure-uses',
  recordedAs: '2026-11-22-apps-access',
  up: async (db) => {
    await createTable(db, 'uses', { clustered: true })
      .addColumn('instance_id', 'text', (c) => c.notNull().references('instances.id').onDelete('cascade'))
      .addColumn('kind', 'text', (c) => c.notNull().check(sql`kind in ('rule', 'key', 'session')`))
      .addColumn('ref', 'text', (c) => c.notNull())
      .addColumn('day', 'integer', (c) => c.notNull())
      .addColumn('count', 'integer', (c) => c.notNull())
      .addColumn('last_at_ms', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('uses_key', ['instance_id', 'kind', 'ref', 'day'])
      .execute()
    await db.schema.createIndex('uses_by_day').on('uses').column('day').execute()
  },
}
