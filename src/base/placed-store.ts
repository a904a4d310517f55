import type { Soon } from '../kernel/soon.ts'
import type { Documents, DocumentStore } from './documents.ts'
import { BaseFault } from './fault.ts'

export type DocumentPlace = 'sqlite' | 'postgres'

export interface PlacedStoreOptions {
  readonly sqlite: DocumentStore
  /** Null: the server is not set up for it. */
  readonly postgres: DocumentStore | null
  readonly placeOf: (collectionId: string) => DocumentPlace
  /** Asked when a write begins, after its body has arrived: a write to the old place would be lost. */
  readonly isMoving: (collectionId: string) => boolean
}

/** Each collection in the store where its documents are. */
export class PlacedStore implements DocumentStore {
  readonly #options: PlacedStoreOptions

  constructor(options: PlacedStoreOptions) {
    this.#options = options
  }

  read<T>(collectionId: string, work: (documents: Documents | null) => Soon<T>): Soon<T> {
    return this.#storeOf(collectionId).read(collectionId, work)
  }

  write<T>(collectionId: string, work: (documents: Documents) => Promise<T>): Promise<T> {
    if (this.#options.isMoving(collectionId))
      throw new BaseFault(503, 'This collection is being moved and can only be read; try again')
    return this.#storeOf(collectionId).write(collectionId, work)
  }

  async collectionIds(): Promise<string[]> {
    const { sqlite, postgres } = this.#options
    const ids = [...(await sqlite.collectionIds()), ...((await postgres?.collectionIds()) ?? [])]
    return [...new Set(ids)]
  }

  sweep(collectionId: string, before: number): Promise<void> {
    return this.#storeOf(collectionId).sweep(collectionId, before)
  }

  close(collectionId: string): Promise<void> {
    return this.#storeOf(collectionId).close(collectionId)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#options.sqlite[Symbol.asyncDispose]()
    await this.#options.postgres?.[Symbol.asyncDispose]()
  }

  #storeOf(collectionId: string): DocumentStore {
    const { sqlite, postgres, placeOf } = this.#options
    if (placeOf(collectionId) === 'sqlite') return sqlite
    if (postgres !== null) return postgres
    throw new BaseFault(
      503,
      'The items of this collection are in PostgreSQL, and the server runs without --data-database',
    )
  }
}
