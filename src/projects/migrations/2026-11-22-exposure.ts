import type { Migration } from '../../storage/index.ts'

export const exposure: Migration = {
  name: '2026-11-22-projects-exposure',
  recordedAs: '2026-11-22-apps-access',
  up: async (db) => {
    await db.schema.alterTable('builds').addColumn('exposure', 'text').execute()
  },
}
