import { type Kysely, sql } from 'kysely'
import { type Migration, createTable } from '../../storage/index.ts'

/** No cascade to instances: a revision that serves cannot be removed by mistake. */
const createInstances = (db: Kysely<unknown>) =>
  createTable(db, 'instances')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('app_id', 'text', (c) => c.notNull().references('apps.id'))
    .addColumn('owner_id', 'text', (c) => c.notNull())
    .addColumn('build_id', 'text', (c) => c.notNull().references('builds.id'))
    .addColumn('release_id', 'text', (c) => c.notNull().references('releases.id'))
    .addColumn('channel', 'text', (c) => c.notNull())
    .addColumn('alias', 'text', (c) => c.notNull().unique())
    .addColumn('internal_key_sealed', 'text', (c) => c.notNull())
    .addColumn('internal_key_digest', 'text', (c) => c.notNull())
    .addColumn('data_key_sealed', 'text', (c) => c.notNull())
    .addColumn('created_at_ms', 'integer', (c) => c.notNull())
    .addColumn('updated_at_ms', 'integer', (c) => c.notNull())
    .execute()

const createEnvValues = (db: Kysely<unknown>) =>
  createTable(db, 'env_values')
    .addColumn('instance_id', 'text', (c) => c.notNull().references('instances.id').onDelete('cascade'))
    .addColumn('micro', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('value_sealed', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('env_values_key', ['instance_id', 'micro', 'name'])
    .execute()

export const create: Migration = {
  name: '2026-11-21-instances-create',
  recordedAs: '2026-11-21-apps-create',
  up: async (db) => {
    await createInstances(db)
    await db.schema
      .createIndex('instances_by_app')
      .unique()
      .on('instances')
      .column('app_id')
      .where(sql.ref('channel'), '=', 'development')
      .execute()
    await db.schema.createIndex('instances_by_owner').on('instances').column('owner_id').execute()
    await createEnvValues(db)
  },
}
