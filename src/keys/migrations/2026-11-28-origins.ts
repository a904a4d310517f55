import type { Migration } from '../../storage/index.ts'

export const origins: Migration = {
  name: '2026-11-28-keys-origins',
  recordedAs: '2026-11-28-apps-key-origins',
  up: async (db) => {
    await db.schema.alterTable('api_keys').addColumn('origins', 'text').execute()
  },
}
