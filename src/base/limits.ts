/** What one call and one collection may take. COMPAT 5.2 fixes the first three. */
export interface BaseLimits {
  readonly itemsPerPut: number
  readonly itemBytes: number
  readonly requestBytes: number
  /** Of UTF-8. */
  readonly keyBytes: number
  readonly baseNameBytes: number
  /** Objects and lists inside each other. SQLite reads 1,000. */
  readonly depth: number
  /** Of one query, over all its objects. */
  readonly conditions: number
  /** A page ends once its items are larger than this. */
  readonly pageBytes: number
  /** A page ends after this time of its own work, with `last`. */
  readonly pageMs: number
  /** Of one collection on the disk. */
  readonly collectionBytes: number
}

const KB = 1_024
const MB = 1_024 * KB

export const DEFAULT_BASE_LIMITS: BaseLimits = {
  itemsPerPut: 25,
  itemBytes: 400 * KB,
  requestBytes: 16 * MB,
  keyBytes: 2 * KB,
  baseNameBytes: 512,
  depth: 200,
  conditions: 300,
  pageBytes: MB,
  pageMs: 5_000,
  collectionBytes: Number.POSITIVE_INFINITY,
}
