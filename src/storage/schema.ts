/** Rows of the server itself: whether database, key and folder belong together (one row each), and its secrets. */
export interface StorageTables {
  key_check: { only: 1; sealed: string }
  database_identity: { only: 1; id: string }
  /** Sealed with the server key. */
  server_secrets: { name: string; value_sealed: string }
}
