import type { Migration } from '../../storage/index.ts'

export const strangers: Migration = {
  name: '2026-11-30-collections-strangers',
  up: async (db) => {
    await db.schema.alterTable('collections').addColumn('strangers', 'text').execute()
  },
}
