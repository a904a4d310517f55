import { type Kysely, sql } from 'kysely'
import { type Migration, createTable } from '../../storage/index.ts'

/** No cascade from apps: a collection is deleted or kept by a decision, never as a side effect. */
const createCollections = (db: Kysely<unknown>) =>
  createTable(db, 'collections')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('owner_id', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('app_id', 'text', (c) => c.unique().references('apps.id'))
    .addColumn('created_at_ms', 'integer', (c) => c.notNull())
    .execute()

const createDataKeys = (db: Kysely<unknown>) =>
  createTable(db, 'data_keys')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('collection_id', 'text', (c) => c.notNull().references('collections.id').onDelete('cascade'))
    .addColumn('kind', 'text', (c) => c.notNull().check(sql`kind in ('app', 'project', 'user')`))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('digest', 'text', (c) => c.unique())
    .addColumn('value_sealed', 'text')
    .addColumn('read_only', 'integer', (c) => c.notNull().check(sql`read_only in (0, 1)`))
    .addColumn('bases', 'text')
    .addColumn('drives', 'text')
    .addColumn('created_at_ms', 'integer', (c) => c.notNull())
    .addColumn('last_used_at_ms', 'integer')
    .execute()

export const create: Migration = {
  name: '2026-11-29-collections-create',
  up: async (db) => {
    await createCollections(db)
    await db.schema.createIndex('collections_by_owner').on('collections').column('owner_id').execute()
    await createDataKeys(db)
    await db.schema.createIndex('data_keys_by_collection').on('data_keys').column('collection_id').execute()
    // Micros get one key.
    await db.schema
      .createIndex('data_keys_of_apps')
      .unique()
      .on('data_keys')
      .column('collection_id')
      .where(sql.ref('kind'), '=', 'app')
      .execute()
    await createTable(db, 'collection_erasures', { clustered: true })
      .addColumn('id', 'text', (c) => c.primaryKey())
      .execute()
  },
}
