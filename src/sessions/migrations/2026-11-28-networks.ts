import type { Migration } from '../../storage/index.ts'

export const networks: Migration = {
  name: '2026-11-28-sessions-networks',
  recordedAs: '2026-11-28-accounts-session-networks',
  up: async (db) => {
    await db.schema
      .alterTable('home_sessions')
      .addColumn('network', 'text', (c) => c.notNull().defaultTo(''))
      .execute()
  },
}
