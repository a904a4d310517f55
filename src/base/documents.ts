import type { Soon } from '../kernel/soon.ts'
import type { StoredItem } from './items/item.ts'
import type { Query } from './query/condition.ts'

/**
 * The documents of one collection: a port. Keys and names of bases are as they are stored, and in byte order. What a call
 * has changed is on the disk when its promise resolves. A call that throws BaseFault has changed nothing.
 */
export interface Documents {
  /** The JSON text of an item that has not expired. */
  get(base: string, key: string): Soon<string | null>
  /** Replaces whole items: all or, when this rejects, none. */
  put(base: string, items: readonly StoredItem[]): Promise<void>
  /** False: there is one with this key. */
  insert(base: string, item: StoredItem): Promise<boolean>
  remove(base: string, key: string): Promise<void>
  /** `change` gets the text of the item and gives the next one; it may throw BaseFault. False: there is no such item. */
  change(base: string, key: string, change: (text: string) => StoredItem): Promise<boolean>
  find(search: Search): Finder
  names(): Promise<string[]>
  bytes(): Promise<number>
  copyTo(folder: string): Promise<void>
}

export interface Search {
  readonly base: string
  readonly query: Query
  readonly isDescending: boolean
  /** Begins after this key, in the direction of the search. */
  readonly after: string | null
}

/** Goes through the matching items, in the order of keys, in short steps. */
export interface Finder {
  next(atMost: number): Soon<Step>
}

export interface Step {
  /** Maybe none, though there are more. */
  readonly items: readonly FoundItem[]
  /** All up to this key was looked at; a search after it finds the rest. */
  readonly reached: string | null
  readonly isEnd: boolean
}

export interface FoundItem {
  readonly key: string
  readonly text: string
}

/** All collections. Disposing waits for running calls. */
export interface DocumentStore extends AsyncDisposable {
  /** `work` gets null for a collection without documents, which only `write` makes. */
  read<T>(collectionId: string, work: (documents: Documents | null) => Soon<T>): Soon<T>
  write<T>(collectionId: string, work: (documents: Documents) => Promise<T>): Promise<T>
  /** Of those that have documents. */
  collectionIds(): Promise<string[]>
  /** Deletes, in small steps, what expired before (Unix seconds). */
  sweep(collectionId: string, before: number): Promise<void>
  /** Waits for running calls, and closes what is open. */
  close(collectionId: string): Promise<void>
}
