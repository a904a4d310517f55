/** Bounds of the process that opens collections. Times in milliseconds. */
export interface DataLimits {
  /** Body of one call (COMPAT 5.2, 5.3). */
  readonly baseBodyBytes: number
  readonly driveBodyBytes: number
  /** Places for calls under way, of all collections and of one. A call of Base takes one more for each BYTES_A_PLACE. */
  readonly places: number
  readonly placesPerCollection: number
  /** Calls of one collection that wait for a place; further ones are answered with 429. */
  readonly waitingPerCollection: number
  /** How long a call waits for a place. */
  readonly waitMs: number
  /** How long a call waits for a copy of the data keys that may be out of date. */
  readonly directoryPatienceMs: number
  /** Collections whose files stay open while no call uses them. */
  readonly openCollections: number
  /** How long calls under way may take when the process stops. */
  readonly drainMs: number
}

/** Bodies of Base are held in memory. */
export const BYTES_A_PLACE = 256 * 1_024

export const DATA_LIMITS: DataLimits = {
  baseBodyBytes: 16 * 1_024 * 1_024,
  driveBodyBytes: 10 * 1_024 * 1_024,
  places: 1_024,
  placesPerCollection: 128,
  waitingPerCollection: 1_024,
  waitMs: 30_000,
  directoryPatienceMs: 3_000,
  openCollections: 64,
  drainMs: 10_000,
}
