/** Where the items and the files of a collection are. */
export interface Place {
  readonly documents: 'sqlite' | 'postgres'
  readonly files: 'disk' | 's3'
}

export interface Moved {
  readonly items: number
  readonly blobs: number
  readonly bytes: number
}

/** Moves collections between stores. No call may write while it does. */
export interface Places {
  /** Copies, compares, and then uses the new place. Throws MoveRefused for a store that the server does not have. */
  move(collectionId: string, to: Partial<Place>): Promise<Moved>
  /** Deletes what the collection has outside of its folder. */
  eraseOutside(collectionId: string): Promise<void>
}

export class MoveRefused extends Error {
  override readonly name = 'MoveRefused'
}
