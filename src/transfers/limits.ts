/** Bounds of one import. */
export interface ImportLimits {
  /** Unpacked, by what the archive declares; the reader holds it to that. */
  readonly unpackedBytes: number
  readonly entries: number
  /** Of the JSON text of one item. */
  readonly itemBytes: number
  /** Larger files are stored in parts of this size; at most what one call of Drive takes. */
  readonly partBytes: number
  /** Failures that the report names; all are counted. */
  readonly namedFailures: number
}

const MB = 1_024 * 1_024

export const IMPORT_LIMITS: ImportLimits = {
  unpackedBytes: 1_000_000_000_000,
  entries: 5_000_000,
  // An escaped character takes six times its size.
  itemBytes: 4 * MB,
  partBytes: 8 * MB,
  namedFailures: 20,
}
