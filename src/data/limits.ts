/** Bounds of the process that opens collections. Times in milliseconds. */
export interface DataLimits {
  /** Body of one call (COMPAT 5.2, 5.3). */
  readonly baseBodyBytes: number
  readonly driveBodyBytes: number
  /** What the Bases of one collection may take up on the disk. */
  readonly baseBytes: number
  /** Memory for pages of open Bases; one collection may have half of it. */
  readonly baseCacheBytes: number
  /** A log of writes above this is copied into the file of its collection. */
  readonly baseLogBytes: number
  /** Indexes on attributes of one collection, which queries make. */
  readonly baseIndexes: number
  /** What the Drives of one collection may hold. */
  readonly driveBytes: number
  readonly driveFiles: number
  /** Time without progress that ends an upload or a download. */
  readonly driveIdleMs: number
  /** For the body of one call. */
  readonly driveUploadMs: number
  /** After its last part, an upload that is not finished is deleted. */
  readonly driveExpiryMs: number
  /** Of the name of a file. */
  readonly driveNameBytes: number
  /** Of one file. */
  readonly driveParts: number
  /** Unfinished ones of one collection. */
  readonly driveUploads: number
  /** Content that no file names is kept for this long. */
  readonly driveOrphanMs: number
  /** Places for calls under way, of all collections and of one. A call of Base takes one more for each BYTES_A_PLACE. */
  readonly places: number
  readonly placesPerCollection: number
  /** Calls of one collection that wait for a place; further ones are answered with 429. */
  readonly waitingPerCollection: number
  /** How long a call waits for a place. */
  readonly waitMs: number
  /** Age of an identity that an app passes on (see `limitForStrangers`). */
  readonly identityAgeMs: number
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
  baseBytes: 1_000_000_000_000,
  baseCacheBytes: 256 * 1_024 * 1_024,
  baseLogBytes: 16 * 1_024 * 1_024,
  baseIndexes: 16,
  driveBytes: 1_000_000_000_000,
  driveFiles: 5_000_000,
  driveIdleMs: 60_000,
  driveUploadMs: 3_600_000,
  driveExpiryMs: 24 * 3_600_000,
  driveNameBytes: 1_024,
  driveParts: 10_000,
  driveUploads: 10_000,
  driveOrphanMs: 3_600_000,
  places: 1_024,
  placesPerCollection: 128,
  waitingPerCollection: 1_024,
  waitMs: 30_000,
  identityAgeMs: 600_000,
  directoryPatienceMs: 3_000,
  openCollections: 64,
  drainMs: 10_000,
}
