import type { Migration } from '../../storage/index.ts'

/** A push of unchanged bytes makes a revision without a folder of its own. */
export const codeOf: Migration = {
  name: '2026-11-28-projects-code-of',
  up: async (db) => {
    await db.schema.alterTable('builds').addColumn('code_of', 'text').execute()
  },
}
