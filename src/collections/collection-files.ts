import type { CollectionId } from '../kernel/ids.ts'

/** The files of collections, which only the process that opens them touches. */
export interface CollectionFiles {
  /** Resolves when the files are gone and a power cut cannot bring them back; also when there were none. */
  erase(id: CollectionId): Promise<void>
  /** Bytes that the collection takes up; 0 when it has no files. */
  size(id: CollectionId): Promise<number>
  /** Makes the collection `as`, which has no files yet, a copy of this one at one moment, while calls continue. */
  copyAs(id: CollectionId, as: CollectionId): Promise<void>
  /** Names of its Bases and Drives, in byte order. */
  names(id: CollectionId): Promise<CollectionNames>
}

export interface CollectionNames {
  readonly bases: readonly string[]
  readonly drives: readonly string[]
}
