import { type Kysely, sql } from 'kysely'
import { type Migration, createTable } from '../../storage/index.ts'

const createApps = (db: Kysely<unknown>) =>
  createTable(db, 'apps')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('owner_id', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('alias', 'text', (c) => c.notNull())
    .addColumn('created_at_ms', 'integer', (c) => c.notNull())
    .execute()

const createBuilds = (db: Kysely<unknown>) =>
  createTable(db, 'builds')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('app_id', 'text', (c) => c.notNull().references('apps.id').onDelete('cascade'))
    .addColumn('tag', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('failure', 'text')
    .addColumn('auto_pwa', 'integer', (c) => c.notNull())
    .addColumn('icon_type', 'text')
    .addColumn('micros', 'text')
    .addColumn('created_at_ms', 'integer', (c) => c.notNull())
    .execute()

const createReleases = (db: Kysely<unknown>) =>
  createTable(db, 'releases')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('app_id', 'text', (c) => c.notNull().references('apps.id').onDelete('cascade'))
    .addColumn('build_id', 'text', (c) => c.notNull().references('builds.id').onDelete('cascade'))
    .addColumn('channel', 'text', (c) => c.notNull())
    .addColumn('version', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('failure', 'text')
    .addColumn('created_at_ms', 'integer', (c) => c.notNull())
    .execute()

const createInstallations = (db: Kysely<unknown>) =>
  createTable(db, 'installations')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('app_id', 'text', (c) => c.notNull().references('apps.id').onDelete('cascade'))
    .addColumn('release_id', 'text', (c) => c.notNull().references('releases.id').onDelete('cascade'))
    .addColumn('instance_id', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('failure', 'text')
    .addColumn('created_at_ms', 'integer', (c) => c.notNull())
    .execute()

export const create: Migration = {
  name: '2026-11-21-projects-create',
  recordedAs: '2026-11-21-apps-create',
  up: async (db) => {
    await createApps(db)
    await db.schema.createIndex('apps_by_owner').on('apps').column('owner_id').execute()
    await createBuilds(db)
    // A tag names one revision; one whose build failed is free again.
    await db.schema
      .createIndex('builds_by_tag')
      .unique()
      .on('builds')
      .columns(['app_id', 'tag'])
      .where(sql.ref('status'), 'in', ['pending', 'running', 'complete'])
      .execute()
    await createReleases(db)
    await db.schema.createIndex('releases_by_build').on('releases').column('build_id').execute()
    await createInstallations(db)
    await db.schema.createIndex('installations_by_release').on('installations').column('release_id').execute()
  },
}
