/**
 * The database: one SQLite file with one connection, owned by the platform process. Owns how it is opened,
 * migrated and used in transactions, and the sealing of the few values that must stay readable. Never knows a table
 * of another room: rooms export their table types and migrations, and whoever opens the database joins them.
 */
export { openDatabase, transaction } from './database.ts'
export type { Database } from './database.ts'
export type { Migration } from './migrations.ts'
export { createSealer } from './sealer.ts'
export type { Sealer } from './sealer.ts'
export { openServerKey } from './server-key.ts'
export { requireMatchingKey } from './key-check.ts'
