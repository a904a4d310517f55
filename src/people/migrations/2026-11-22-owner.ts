import type { Migration } from '../../storage/index.ts'

export const owner: Migration = {
  name: '2026-11-22-people-owner',
  recordedAs: '2026-11-22-accounts-owner',
  up: async (db) => {
    await db.schema.alterTable('setup').addColumn('owner_id', 'text').execute()
    // Both rows were written with the same time, in one step.
    await db
      .updateTable('setup')
      .set((e) => ({
        owner_id: e.selectFrom('users').select('id').whereRef('created_at_ms', '=', 'done_at_ms').limit(1),
      }))
      .execute()
  },
}
