/**
 * Base: documents by key, with conditions and updates (COMPAT 5.2), over SQLite (`sqlite/`) or PostgreSQL (`postgres/`).
 * Owns what a call may say, how it is answered, and where documents lie. Never checks a key. Start reading at
 * base-service.ts, then documents.ts.
 */
export { BaseService, type BaseServiceOptions } from './base-service.ts'
export type { DocumentStore } from './documents.ts'
export { type BaseLimits, DEFAULT_BASE_LIMITS } from './limits.ts'
export { copyDocuments } from './copy-documents.ts'
export { type DocumentPlace, PlacedStore } from './placed-store.ts'
export { eraseFile } from './sqlite/erase-file.ts'
export { SqliteStore, type SqliteStoreOptions } from './sqlite/sqlite-store.ts'
export { PostgresStore, type PostgresStoreOptions } from './postgres/postgres-store.ts'
export { type SweepOptions, startSweep } from './sweep.ts'
