import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '../../kernel/log.ts'
import { type Soon, ending, recovering } from '../../kernel/soon.ts'
import type { Documents, DocumentStore } from '../documents.ts'
import { asFault, unusable } from './errors.ts'
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
  /** Memory for pages of files, shared by the open ones. */
  readonly cacheBytes?: number
  readonly logBytes?: number
  readonly indexLimits?: Partial<IndexLimits>
  readonly now?: () => number
  readonly log: Logger
}

/** One file may have half of the cache: a search through a file that does not fit takes twice as long. */
const MOST_OF_CACHE = 2

const DEFAULTS = {
  collectionBytes: Number.POSITIVE_INFINITY,
  minFreeBytes: 0,
  openCollections: 64,
  cacheBytes: 256 * 1_024 * 1_024,
  logBytes: 16 * 1_024 * 1_024,
  now: Date.now,
}

const BROKEN =
  'The disk failed to store this collection. Check the disk of the server, then start the server again.'

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
  readonly #options: Required<SqliteStoreOptions> & { readonly indexLimits: IndexLimits }
  /** The least used one first. */
  readonly #entries = new Map<string, Entry>()
  /** The last one of them. */
  #last: Entry | null = null
  readonly #maintenance = new Maintenance()
  readonly #waiting: (() => void)[] = []
  /** Collections whose disk failed. */
  readonly #broken = new Set<string>()
  /** How many files the cache is divided among: a power of 2, so that few openings change it. */
  #cacheShares = MOST_OF_CACHE

  constructor(options: SqliteStoreOptions) {
    const indexLimits = { ...DEFAULT_INDEX_LIMITS, ...options.indexLimits }
    this.#options = { ...DEFAULTS, ...options, indexLimits }
  }

  read<T>(collectionId: string, work: (documents: Documents | null) => Soon<T>): Soon<T> {
    return this.#use(collectionId, work, false)
  }

  async write<T>(collectionId: string, work: (documents: Documents) => Promise<T>): Promise<T> {
    return await this.#use(collectionId, (documents) => work(documents!), true)
  }

  async collectionIds(): Promise<string[]> {
    const ids = await readdir(this.#options.folder).catch(() => [])
    return ids.filter((id) => existsSync(join(this.#folder(id), FILE)))
  }

  async sweep(collectionId: string, before: number): Promise<void> {
    await this.#use(collectionId, (documents) => documents?.sweep(before), false)
  }

  async close(collectionId: string): Promise<void> {
    const entry = this.#entries.get(collectionId)
    if (entry) await this.#close(entry)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#entries.values()].map((entry) => this.#close(entry)))
    this.#maintenance[Symbol.dispose]()
  }

  /** `work` gets null where there is no file, and none may be made. At once where the file is open. */
  #use<T>(id: string, work: (documents: SqliteDocuments | null) => Soon<T>, mayCreate: boolean): Soon<T> {
    const use = () => {
      const entry = this.#take(id)
      return entry ? this.#work(entry, work) : this.#openAndUse(id, work, mayCreate)
    }
    return recovering<T>(use, (error) => {
      throw asFault(error)
    })
  }

  async #openAndUse<T>(
    id: string,
    work: (documents: SqliteDocuments | null) => Soon<T>,
    mayCreate: boolean,
  ): Promise<T> {
    const entry = await this.#open(id, mayCreate)
    return await (entry ? this.#work(entry, work) : work(null))
  }

  /** Ends the use of an entry that was taken. */
  #work<T>(entry: Entry, work: (documents: SqliteDocuments) => Soon<T>): Soon<T> {
    const { documents, opening } = entry
    return ending(
      () => (documents ? work(documents) : opening.then(work)),
      () => this.#release(entry),
    )
  }

  /** The open one for one call more; it becomes the one used last. */
  #take(id: string): Entry | null {
    const entry = this.#entries.get(id)
    if (!entry || entry.closed) return null
    entry.users += 1
    if (entry === this.#last) return entry
    this.#entries.delete(id)
    this.#entries.set(id, entry)
    this.#last = entry
    return entry
  }

  async #open(id: string, mayCreate: boolean): Promise<Entry | null> {
    for (;;) {
      const known = this.#entries.get(id)
      if (known?.closed) await known.closed.catch(() => {})
      else if (known) return this.#take(id)
      else if (this.#broken.has(id)) throw unusable(BROKEN)
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
    this.#last = entry
    opening.then(
      (documents) => {
        entry.documents = documents
        this.#shareCache(documents)
      },
      () => this.#forget(entry),
    )
    return entry
  }

  #shareCache(opened: SqliteDocuments): void {
    const { cacheBytes } = this.#options
    const shares = Math.max(MOST_OF_CACHE, 2 ** Math.ceil(Math.log2(this.#entries.size)))
    const all = [...this.#entries.values()].map(({ documents, closed }) => (closed ? null : documents))
    for (const documents of shares === this.#cacheShares ? [opened] : all)
      documents?.useCache(cacheBytes / shares)
    this.#cacheShares = shares
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
      if (documents?.isBroken) this.#broken.add(entry.id)
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
