/**
 * Storage: the database and the data folder. Owns how the database (SQLite or PostgreSQL) is opened, migrated and used
 * in transactions, the encryption of the few values that must stay readable, and the layout of the data folder. Never
 * knows another module's tables: modules export their table types and migrations, and the process that opens the
 * database joins them. What is particular to one database is in `sqlite/` or `postgres/`. Start reading at database.ts.
 */
export { type Folders, openFolders } from './data-layout.ts'
export { connect as connectPostgres } from './postgres/connect.ts'
export { isDatabaseGone, isUnstorableText } from './postgres/errors.ts'
export { type Database, openDatabase, transaction } from './database.ts'
export { copySqlite } from './sqlite/copy.ts'
export { createTable, jsonArrayFrom } from './dialect.ts'
export type { Migration } from './migrate.ts'
export type { StorageTables } from './schema.ts'
export { openState } from './open-state.ts'
export type { Sealer } from './sealer.ts'
export { requireIdentitySecret } from './server-secrets.ts'
