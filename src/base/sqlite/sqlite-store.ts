import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '../../kernel/log.ts'
import type { Documents, DocumentStore, Soon } from '../documents.ts'
import { asFault } from './errors.ts'
import { DEFAULT_INDEX_LIMITS, type IndexLimits } from './field-indexes.ts'
import { Maintenance } from './maintenance.ts'
import { FILE, createFile, isFileThere } from './open-file.ts'
import { SqliteDocuments } from './sqlite-documents.ts'

export interface SqliteStoreOptions {
  /** Has a folder for each collection. */
  readonly folder: string
  /** Of each collection. */
  readonly collectionBytes?: number
  /** With less free space on the disk, items are only read and deleted. */
  readonly minFreeBytes?: number
  /** Files that are open at the same time. */
  readonly openCollections?: number
  readonly logBytes?: number
  readonly indexLimits?: IndexLimits
  readonly now?: () => number
  readonly log: Logger
}

const DEFAULTS = {
  collectionBytes: Number.POSITIVE_INFINITY,
  minFreeBytes: 0,
  openCollections: 64,
  logBytes: 16 * 1_024 * 1_024,
  indexLimits: DEFAULT_INDEX_LIMITS,
  now: Date.now,
}

interface Entry {
  readonly id: string
  /** Null while it opens. */
  documents: SqliteDocuments | null
  readonly opening: Promise<SqliteDocuments>
  /** Calls that run. */
  users: number
  /** Set once it closes. */
  closed: Promise<void> | null
  /** Called when no call runs any more. */
  onIdle: (() => void) | null
}

/** Collections as SQLite files, of which the ones used last are open. */
export class SqliteStore implements DocumentStore {
  readonly #options: Required<SqliteStoreOptions>
  /** The least used one first. */
  readonly #entries = new Map<string, Entry>()
  readonly #maintenance = new Maintenance()
  readonly #waiting: (() => void)[] = []

  constructor(options: SqliteStoreOptions) {
    this.#options = { ...DEFAULTS, ...options }
  }

  read<T>(collectionId: string, work: (documents: Documents | null) => Soon<T>): Promise<T> {
    return this.#use(collectionId, work, false)
  }

  write<T>(collectionId: string, work: (documents: Documents) => Promise<T>): Promise<T> {
    return this.#use(collectionId, (documents) => work(documents!), true)
  }

  async collectionIds(): Promise<string[]> {
    const ids = await readdir(this.#options.folder).catch(() => [])
    return ids.filter((id) => existsSync(join(this.#folder(id), FILE)))
  }

  sweep(collectionId: string, before: number): Promise<void> {
    return this.#use(collectionId, (documents) => documents?.sweep(before), false)
  }

  async close(collectionId: string): Promise<void> {
    const entry = this.#entries.get(collectionId)
    if (entry) await this.#close(entry)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#entries.values()].map((entry) => this.#close(entry)))
    this.#maintenance[Symbol.dispose]()
  }

  /** `work` gets null where there is no file, and none may be made. */
  async #use<T>(
    id: string,
    work: (documents: SqliteDocuments | null) => Soon<T>,
    mayCreate: boolean,
  ): Promise<T> {
    try {
      const entry = this.#take(id) ?? (await this.#open(id, mayCreate))
      if (!entry) return await work(null)
      try {
        return await work(entry.documents ?? (await entry.opening))
      } finally {
        this.#release(entry)
      }
    } catch (error) {
      throw asFault(error)
    }
  }

  /** The open one for one call more; it becomes the one used last. */
  #take(id: string): Entry | null {
    const entry = this.#entries.get(id)
    if (!entry || entry.closed) return null
    this.#entries.delete(id)
    this.#entries.set(id, entry)
    entry.users += 1
    return entry
  }

  async #open(id: string, mayCreate: boolean): Promise<Entry | null> {
    for (;;) {
      const known = this.#entries.get(id)
      if (known?.closed) await known.closed.catch(() => {})
      else if (known) return this.#take(id)
      else if (!mayCreate && !isFileThere(this.#folder(id))) return null
      else if (this.#entries.size >= this.#options.openCollections) await this.#makeRoom()
      else return this.#start(id)
    }
  }

  /** For one call already. */
  #start(id: string): Entry {
    const opening = this.#openDocuments(id)
    const entry: Entry = { id, documents: null, opening, users: 1, closed: null, onIdle: null }
    this.#entries.set(id, entry)
    opening.then(
      (documents) => (entry.documents = documents),
      () => this.#forget(entry),
    )
    return entry
  }

  async #openDocuments(id: string): Promise<SqliteDocuments> {
    const folder = this.#folder(id)
    if (!isFileThere(folder)) await createFile(folder)
    return await SqliteDocuments.open({ ...this.#options, folder, maintenance: this.#maintenance })
  }

  #release(entry: Entry): void {
    entry.users -= 1
    if (entry.users > 0) return
    entry.onIdle?.()
    this.#waiting.shift()?.()
  }

  /** Closes the least used one; while all are in use, waits for one that is not. */
  async #makeRoom(): Promise<void> {
    const idle = [...this.#entries.values()].find(
      ({ users, documents, closed }) => users === 0 && documents && !closed,
    )
    if (idle) return await this.#close(idle)
    await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  #close(entry: Entry): Promise<void> {
    entry.closed ??= this.#finish(entry)
    return entry.closed
  }

  async #finish(entry: Entry): Promise<void> {
    try {
      const documents = await entry.opening.catch(() => null)
      if (entry.users > 0) await new Promise<void>((resolve) => (entry.onIdle = resolve))
      await documents?.[Symbol.asyncDispose]()
    } finally {
      this.#forget(entry)
    }
  }

  #forget(entry: Entry): void {
    if (this.#entries.get(entry.id) === entry) this.#entries.delete(entry.id)
    this.#waiting.shift()?.()
  }

  #folder(id: string): string {
    return join(this.#options.folder, id)
  }
}
