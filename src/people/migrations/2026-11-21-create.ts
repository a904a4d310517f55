import { sql } from 'kysely'
import { type Migration, createTable } from '../../storage/index.ts'

export const create: Migration = {
  name: '2026-11-21-people-create',
  recordedAs: '2026-11-21-accounts-create',
  up: async (db) => {
    // Without a reference to the user: deleting the owner must not open set-up again (GHSA-rjvp-29xq-f62w).
    await createTable(db, 'setup')
      .addColumn('only', 'integer', (c) => c.primaryKey().check(sql`${sql.ref('only')} = 1`))
      .addColumn('done_at_ms', 'integer', (c) => c.notNull())
      .execute()
    await createTable(db, 'users')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('username', 'text', (c) =>
        c
          .notNull()
          .unique()
          .check(sql`username = lower(username)`),
      )
      .addColumn('email', 'text', (c) => c.unique().check(sql`email = lower(email)`))
      .addColumn('password_hash', 'text', (c) => c.notNull())
      .addColumn('created_at_ms', 'integer', (c) => c.notNull())
      .execute()
  },
}
