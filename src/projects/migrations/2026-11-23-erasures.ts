import { type Migration, createTable } from '../../storage/index.ts'

/** Ids of rows that were deleted and may have files left: no other file without a row is ever deleted. */
export const erasures: Migration = {
  name: '2026-11-23-projects-erasures',
  recordedAs: '2026-11-23-apps-erasures',
  up: async (db) => {
    await createTable(db, 'erasures', { clustered: true })
      .addColumn('id', 'text', (c) => c.primaryKey())
      .execute()
  },
}
