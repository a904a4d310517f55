/**
 * Where content lies: immutable pieces under random ids, which say nothing about names. The port that `disk/` and `s3/`
 * implement, for one collection.
 */
export interface Blobs {
  /** How much one read should ask for, in whole chunks: what a reader holds twice, against what a request costs. */
  readonly readBytes: number
  /** Begins a new blob. Nothing refers to it before it is finished and a row of the index names it. */
  create(id: string): Promise<BlobWriter>
  /** Rejects with BlobMissing. */
  open(id: string): Promise<BlobReader>
  /** Removes blobs; those that do not exist are no error. */
  remove(ids: readonly string[]): Promise<void>
  /** All ids, in pages and no order. A blob that is created or removed during the listing may be in it. */
  list(): AsyncIterable<readonly string[]>
  /** When it was written; null if it does not exist. */
  writtenMs(id: string): Promise<number | null>
  /** Copies (or links) blobs into a folder, as `disk/` lays them out. */
  copyTo(ids: AsyncIterable<readonly string[]>, folder: string): Promise<void>
  /** Throws 507 if `bytes` more do not fit. */
  requireRoom(bytes: number): void
}

export interface BlobWriter {
  /** Appends. The bytes may be reused once it resolves. */
  write(bytes: Uint8Array): Promise<void>
  /** Resolves when the blob survives a power cut. */
  finish(): Promise<void>
  /** Instead of `finish`: removes what was written. Never rejects. */
  abandon(): Promise<void>
}

export interface BlobReader {
  /** Fills `into` from offset `at`; resolves with the number of bytes, fewer where the blob ends. */
  read(at: number, into: Uint8Array): Promise<number>
  close(): Promise<void>
}

export class BlobMissing extends Error {
  constructor(id: string, cause?: unknown) {
    super(`blob ${id} does not exist`, { cause })
    this.name = 'BlobMissing'
  }
}
