import { type Migration, createTable } from '../../storage/index.ts'

export const create: Migration = {
  name: '2026-11-21-keys-create',
  recordedAs: '2026-11-21-apps-create',
  up: async (db) => {
    await createTable(db, 'api_keys')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('instance_id', 'text', (c) => c.notNull().references('instances.id').onDelete('cascade'))
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('digest', 'text', (c) => c.notNull())
      .addColumn('created_at_ms', 'integer', (c) => c.notNull())
      .execute()
    await db.schema.createIndex('api_keys_by_instance').on('api_keys').column('instance_id').execute()
  },
}
