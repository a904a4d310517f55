import { createTable } from '../dialect.ts'
import type { Migration } from '../migrate.ts'

export const serverSecrets: Migration = {
  name: '2026-11-22-storage-server-secrets',
  recordedAs: '2026-11-22-apps-access',
  up: async (db) => {
    await createTable(db, 'server_secrets')
      .addColumn('name', 'text', (c) => c.primaryKey())
      .addColumn('value_sealed', 'text', (c) => c.notNull())
      .execute()
  },
}
