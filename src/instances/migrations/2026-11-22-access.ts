import { type Kysely, sql } from 'kysely'
import { type Migration, createTable } from '../../storage/index.ts'

const createOverrides = (db: Kysely<unknown>) =>
  createTable(db, 'access_overrides')
    .addColumn('instance_id', 'text', (c) => c.notNull().references('instances.id').onDelete('cascade'))
    .addColumn('position', 'integer', (c) => c.notNull())
    .addColumn('micro', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull().check(sql`kind in ('close', 'private')`))
    .addColumn('pattern', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('access_overrides_key', ['instance_id', 'position'])
    .execute()

const createExposedRules = (db: Kysely<unknown>) =>
  createTable(db, 'exposed_rules', { clustered: true })
    .addColumn('instance_id', 'text', (c) => c.notNull().references('instances.id').onDelete('cascade'))
    .addColumn('micro', 'text', (c) => c.notNull())
    .addColumn('pattern', 'text', (c) => c.notNull())
    .addColumn('since_ms', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('exposed_rules_key', ['instance_id', 'micro', 'pattern'])
    .execute()

/** Who may reach what, said beyond the Spacefile. */
export const access: Migration = {
  name: '2026-11-22-instances-access',
  recordedAs: '2026-11-22-apps-access',
  up: async (db) => {
    await createOverrides(db)
    await createExposedRules(db)
  },
}
