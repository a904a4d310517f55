import { sql } from 'kysely'
import type { Migration } from './migrate.ts'

/** Tables that tell whether the database, its key and its folder belong together. One row each. */
export interface IdentityTables {
  key_check: { only: 1; sealed: string }
  database_identity: { only: 1; id: string }
}

const TABLES = [
  `create table key_check (only integer primary key check (only = 1), sealed text not null) strict`,
  `create table database_identity (only integer primary key check (only = 1), id text not null) strict`,
]

export const databaseMigrations: readonly Migration[] = [
  {
    name: '2026-11-23-db-identity',
    up: async (db) => {
      for (const statement of TABLES) await sql.raw(statement).execute(db)
    },
  },
]
