/** What one call and one collection may take. COMPAT 5.2 fixes the first three. */
export interface BaseLimits {
  readonly itemsPerPut: number
  readonly itemBytes: number
  readonly requestBytes: number
  /** Of the body of a query: no value that can be found is larger than an item. */
  readonly queryBytes: number
  /** Of UTF-8. */
  readonly keyBytes: number
  readonly baseNameBytes: number
  /** Objects and lists inside each other. SQLite reads 1,000. */
  readonly depth: number
  /** Of one query, over all its objects. */
  readonly conditions: number
  /** Attributes that one update names. */
  readonly changes: number
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
  queryBytes: 400 * KB,
  keyBytes: 2 * KB,
  baseNameBytes: 512,
  depth: 200,
  conditions: 300,
  changes: 10_000,
  pageBytes: MB,
  pageMs: 5_000,
  collectionBytes: Number.POSITIVE_INFINITY,
}
