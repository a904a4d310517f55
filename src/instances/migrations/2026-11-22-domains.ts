import { type Kysely, sql } from 'kysely'
import { type Migration, createTable } from '../../storage/index.ts'

const createDomains = (db: Kysely<unknown>) =>
  createTable(db, 'domains')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('instance_id', 'text', (c) => c.notNull().references('instances.id').onDelete('cascade'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('token', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull().check(sql`status in ('pending', 'active')`))
    .addColumn('proof', 'text', (c) => c.check(sql`proof in ('dns', 'owner')`))
    .addColumn('finding', 'text')
    .addColumn('created_at_ms', 'integer', (c) => c.notNull())
    .addColumn('checked_at_ms', 'integer')
    .addColumn('next_check_at_ms', 'integer')
    .addColumn('active_at_ms', 'integer')
    .addUniqueConstraint('domains_name', ['instance_id', 'name'])
    .execute()

export const domains: Migration = {
  name: '2026-11-22-instances-domains',
  recordedAs: '2026-11-22-apps-domains',
  up: async (db) => {
    await createDomains(db)
    // Whatever else goes wrong, a host never leads to two apps.
    await db.schema
      .createIndex('domains_active')
      .unique()
      .on('domains')
      .column('name')
      .where(sql.ref('status'), '=', 'active')
      .execute()
    await db.schema
      .createIndex('domains_due')
      .on('domains')
      .column('next_check_at_ms')
      .where('next_check_at_ms', 'is not', null)
      .execute()
  },
}
