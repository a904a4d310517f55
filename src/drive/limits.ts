/** Bounds of one service. Sizes in bytes, times in milliseconds. */
export interface DriveLimits {
  /** Of the body of one call: a file, or a part of one. SDKs send parts of exactly 10 MiB. */
  readonly bodyBytes: number
  readonly nameBytes: number
  /** Parts of one file. */
  readonly parts: number
  /** Uploads that were begun and neither finished nor aborted, per collection. */
  readonly openUploads: number
  /** Names that one call may delete. */
  readonly deletedAtOnce: number
  /** Entries in one page of a listing. */
  readonly listed: number
  /** Without a byte from the client, an upload is refused; without a read by the client, a download is cut. */
  readonly idleMs: number
  /** For the body of one call. */
  readonly uploadMs: number
  /** An upload without a new part for so long is aborted. */
  readonly uploadExpiryMs: number
  /** Content younger than this is never taken for an orphan. */
  readonly orphanAgeMs: number
  /** Between two rounds of expiry and of looking for orphans, while a collection is open. */
  readonly sweepEveryMs: number
  /** Collections whose index files stay open while no call uses them. */
  readonly openCollections: number
  /** Running downloads and uploads are cut this long after a collection is to be closed. */
  readonly closeWithinMs: number
  /** With less free space than this after an upload, it is refused. */
  readonly minFreeBytes: number
}

const SECOND = 1_000
const HOUR = 3_600 * SECOND

export const DRIVE_LIMITS: DriveLimits = {
  bodyBytes: 10 * 1_048_576,
  nameBytes: 1_024,
  parts: 10_000,
  openUploads: 10_000,
  deletedAtOnce: 1_000,
  listed: 10_000,
  idleMs: 60 * SECOND,
  uploadMs: HOUR,
  uploadExpiryMs: 24 * HOUR,
  orphanAgeMs: HOUR,
  sweepEveryMs: HOUR,
  openCollections: 64,
  closeWithinMs: 10 * SECOND,
  minFreeBytes: 0,
}

/** What a collection may hold; unfinished uploads count. */
export interface Quota {
  readonly bytes: number
  readonly files: number
}

export const NO_QUOTA: Quota = { bytes: Number.POSITIVE_INFINITY, files: Number.POSITIVE_INFINITY }
