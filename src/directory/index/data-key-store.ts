import { DigestStore } from './digest-store.ts'
import type { DataKeyEntry } from '../types.ts'

/** What a data key opens. */
export type DataKeyRecord = Omit<DataKeyEntry, 'digest'>

/** All data keys; about 250 bytes each. */
export class DataKeyStore {
  readonly #store = new DigestStore<DataKeyRecord>()

  get size(): number {
    return this.#store.size
  }

  /** Returns the collection whose key it replaces, or null. */
  put({ digest, ...key }: DataKeyEntry): string | null {
    return this.#store.put(digest, key)?.collectionId ?? null
  }

  /** Returns the collection whose key it was, or null if there was none. */
  delete(id: string): string | null {
    return this.#store.delete(id)?.collectionId ?? null
  }

  /** An unknown key costs what a known one costs: a digest. */
  find(token: string): DataKeyRecord | null {
    return this.#store.find(token)
  }

  findById(id: string): DataKeyRecord | null {
    return this.#store.findById(id)
  }

  /** Every key as it was put. Changes during the iteration may be missing. */
  *entries(): Generator<DataKeyEntry> {
    for (const [key, digest] of this.#store.entries()) yield { ...key, digest }
  }
}
