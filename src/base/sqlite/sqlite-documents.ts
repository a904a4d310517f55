import type { Database } from 'bun:sqlite'
import { join } from 'node:path'
import { DISK_FULL, diskSpace } from '../../disk/index.ts'
import type { Logger } from '../../kernel/log.ts'
import { syncFile } from '../../kernel/durable.ts'
import type { Soon } from '../../kernel/soon.ts'
import type { Documents, Finder, Search } from '../documents.ts'
import { BaseFault } from '../fault.ts'
import type { StoredItem } from '../items/item.ts'
import { compileKeys } from './compile-range.ts'
import { FieldIndexes, type IndexLimits } from './field-indexes.ts'
import { WalkFinder, KeyFinder } from './finder.ts'
import { Maintenance } from './maintenance.ts'
import { FILE, openFile } from './open-file.ts'
import { gather, planOf } from './plan.ts'
import { sql } from './sql-text.ts'
import { Statements } from './statements.ts'
import { WalSync } from './wal-sync.ts'
import { wantedIndex } from './wanted-indexes.ts'
import { Writer } from './writer.ts'

export interface SqliteDocumentsOptions {
  readonly folder: string
  readonly collectionBytes: number
  /** With less free space on the disk, items are only read and deleted. */
  readonly minFreeBytes: number
  readonly indexLimits: IndexLimits
  /** A log above this is copied into the database. */
  readonly logBytes: number
  readonly maintenance: Maintenance
  readonly now: () => number
  readonly log: Logger
}

const PUT = `insert into documents (base, key, value, expires) values (?, ?, jsonb(?), ?)
  on conflict (base, key) do update set value = excluded.value, expires = excluded.expires`
const GET =
  'select json(value) from documents where base = ? and key = ? and (expires is null or expires > ?)'
const REMOVE = 'delete from documents where base = ? and key = ?'
const SWEEP = `delete from documents where (base, key) in
  (select base, key from documents where expires is not null and expires <= ? order by expires limit ?)`
const EXPIRING = 'select 1 from documents where expires is not null limit 1'
/** Between looks at the size of the log. */
const COMMITS_PER_LOOK = 32
const SWEPT_AT_ONCE = 200

/** The documents of one collection in a SQLite file. */
export class SqliteDocuments implements Documents, AsyncDisposable {
  readonly #options: SqliteDocumentsOptions
  readonly #database: Database
  readonly #statements: Statements
  readonly #indexes: FieldIndexes
  readonly #writer: Writer
  readonly #disk: WalSync
  /** A collection without expiry, as most are, is searched without looking at it. */
  #mayExpire: boolean
  /** Items that the last transaction has changed: they may not be on the disk yet. */
  readonly #unsynced = new Set<string>()
  #commits = 0
  #isCheckpointing = false

  private constructor(options: SqliteDocumentsOptions, database: Database, disk: WalSync) {
    this.#options = options
    this.#database = database
    this.#disk = disk
    this.#statements = new Statements(database)
    this.#mayExpire = this.#statements.rows(sql(EXPIRING)).length > 0
    this.#writer = new Writer({
      database,
      sync: () => disk.sync(),
      onBegin: () => this.#unsynced.clear(),
      onCommit: () => this.#afterCommit(),
    })
    this.#indexes = new FieldIndexes({
      database,
      limits: options.indexLimits,
      now: options.now,
      change: (statements) =>
        this.#writer.exclusively(async () => {
          // Its own thread: other collections would wait for it, with their writes.
          using thread = new Maintenance()
          await this.#maintain('an index of a collection was not changed', statements, thread)
        }),
    })
  }

  /** Throws BaseFault. */
  static async open(options: SqliteDocumentsOptions): Promise<SqliteDocuments> {
    const database = openFile(options.folder)
    try {
      return new SqliteDocuments(options, database, await WalSync.open(join(options.folder, FILE)))
    } catch (error) {
      database.close()
      throw error
    }
  }

  get(base: string, key: string): Soon<string | null> {
    const [row] = this.#statements.rows<[string]>(sql(GET, base, key, this.#seconds()))
    const text = row?.[0] ?? null
    const settled = this.#unsynced.has(nameOf(base, key)) ? this.#writer.settled() : null
    return settled ? settled.then(() => text) : text
  }

  put(base: string, items: readonly StoredItem[]): Promise<void> {
    return this.#writer.run(() => {
      this.#requireRoom()
      for (const item of items) this.#store(base, item)
    })
  }

  insert(base: string, item: StoredItem): Promise<boolean> {
    return this.#writer.run(() => {
      if (this.#has(base, item.key)) return false
      this.#requireRoom()
      this.#store(base, item)
      return true
    })
  }

  remove(base: string, key: string): Promise<void> {
    return this.#writer.run(() => {
      this.#unsynced.add(nameOf(base, key))
      this.#statements.rows(sql(REMOVE, base, key))
    })
  }

  change(base: string, key: string, change: (text: string) => StoredItem): Promise<boolean> {
    return this.#writer.run(() => {
      const [row] = this.#statements.rows<[string]>(sql(GET, base, key, this.#seconds()))
      if (!row) return false
      const next = change(row[0])
      this.#requireRoom()
      this.#store(base, next)
      return true
    })
  }

  find(search: Search): Finder {
    const planner = { statements: this.#statements, indexes: this.#indexes, base: search.base }
    const plan = planOf(search.query.alternatives, planner)
    const options = {
      statements: this.#statements,
      search,
      now: this.#seconds(),
      mayExpire: this.#mayExpire,
      part: plan.kind === 'ordered' ? plan.part : null,
      lookEvery: this.#options.indexLimits.lookEvery,
      onLooked: plan.kind === 'scan' ? this.#looked(search) : () => {},
    }
    if (plan.kind !== 'gathered') return this.#settledFinder(new WalkFinder(options))
    const keys = compileKeys(search.query.range, search.after, search.isDescending)
    return this.#settledFinder(new KeyFinder(options, gather(plan.parts, keys, planner)))
  }

  /** What is given is on the disk. */
  #settledFinder(finder: Finder): Finder {
    return {
      next: (atMost) => {
        const step = finder.next(atMost)
        const settled = this.#writer.settled()
        return settled ? settled.then(() => step) : step
      },
    }
  }

  /** Counts what queries without an index look at. */
  #looked({ base, query }: Search): (count: number) => void {
    const { slowDocuments, verySlowDocuments } = this.#options.indexLimits
    let looked = 0
    return (count) => {
      const before = looked
      looked += count
      const passes = (limit: number) => before < limit && looked >= limit
      if (!passes(slowDocuments) && !passes(verySlowDocuments)) return
      for (const conditions of query.alternatives) {
        const wanted = wantedIndex(conditions)
        if (wanted) this.#indexes.ask(base, wanted.kind, wanted.path, passes(verySlowDocuments))
      }
    }
  }

  async names(): Promise<string[]> {
    // One step of the primary key for each name.
    const rows = this.#statements.rows<[string]>(
      sql(`with recursive names (name) as (
        select min(base) from documents
        union all select (select min(base) from documents where base > name) from names where name is not null
      ) select name from names where name is not null`),
    )
    await this.#writer.settled()
    return rows.map(([name]) => name)
  }

  async bytes(): Promise<number> {
    return this.#usedBytes() + (await this.#disk.bytes())
  }

  async copyTo(folder: string): Promise<void> {
    await this.#writer.settled()
    // Its own thread: a large copy would hold up others for long.
    using thread = new Maintenance()
    const copy = join(folder, FILE)
    await thread.run(join(this.#options.folder, FILE), [{ text: 'vacuum into ?', values: [copy] }])
    await syncFile(copy)
    await syncFile(folder)
  }

  /** A sync failed: the file must not be opened again by this process, which would trust its log. */
  get isBroken(): boolean {
    return this.#writer.isBroken
  }

  /** Keeps this much of the file in memory. */
  useCache(bytes: number): void {
    this.#database.run(`pragma cache_size = -${Math.ceil(bytes / 1_024)}`)
  }

  /** Deletes what expired before this (Unix seconds), in small steps; resolves when none is left. */
  async sweep(before: number): Promise<void> {
    let swept: number
    do {
      swept = await this.#writer.run(() => this.#statements.compile(SWEEP).run(before, SWEPT_AT_ONCE).changes)
    } while (swept >= SWEPT_AT_ONCE)
    await this.#indexes.prune()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer.idle()
    if (!this.#writer.isBroken) await this.#finish()
    this.#statements[Symbol.dispose]()
    await this.#disk[Symbol.asyncDispose]()
    if (!this.#writer.isBroken) this.#database.close()
  }

  async #finish(): Promise<void> {
    const what = 'the use of indexes was not saved'
    if (this.#indexes.isChanged)
      await this.#writer.run(() => this.#indexes.save()).catch((error: unknown) => this.#warn(what, error))
    // The close itself then has nothing to copy, which would hold this thread.
    if (this.#commits > 0) await this.#checkpoint()
    await this.#writer.idle()
  }

  #store(base: string, { key, text, expires }: StoredItem): void {
    this.#unsynced.add(nameOf(base, key))
    this.#mayExpire ||= expires !== null
    this.#statements.compile(PUT).run(base, key, text, expires)
  }

  #has(base: string, key: string): boolean {
    return this.#statements.rows(sql(GET, base, key, this.#seconds())).length > 0
  }

  #seconds(): number {
    return this.#options.now() / 1_000
  }

  #requireRoom(): void {
    const { collectionBytes, minFreeBytes, folder } = this.#options
    if (minFreeBytes > 0 && diskSpace(folder).availableBytes < minFreeBytes)
      throw new BaseFault(507, DISK_FULL)
    if (collectionBytes !== Number.POSITIVE_INFINITY && this.#usedBytes() > collectionBytes)
      throw new BaseFault(
        507,
        'This collection is full. Delete items that are no longer needed, then try again.',
      )
  }

  #usedBytes(): number {
    const [[bytes]] = this.#statements.rows<[number]>(
      sql(`select (page_count - freelist_count) * page_size
        from pragma_page_count, pragma_freelist_count, pragma_page_size`),
    ) as [[number]]
    return bytes
  }

  #afterCommit(): void {
    this.#commits += 1
    if (this.#commits % COMMITS_PER_LOOK !== 0 || this.#isCheckpointing) return
    void this.#disk
      .bytes()
      .then((bytes) => (bytes > this.#options.logBytes ? this.#checkpoint() : undefined))
      .catch((error: unknown) => this.#warn('the log of a collection was not looked at', error))
  }

  /** First what can be copied while writes go on, then the rest without them. */
  async #checkpoint(): Promise<void> {
    if (this.#isCheckpointing) return
    this.#isCheckpointing = true
    const what = 'the log of a collection was not copied into its database'
    try {
      await this.#maintain(what, [{ text: 'pragma wal_checkpoint(passive)' }])
      await this.#writer.exclusively(() =>
        this.#maintain(what, [{ text: 'pragma wal_checkpoint(truncate)' }]),
      )
    } catch {
      // Logged. The log stays, and is copied later.
    } finally {
      this.#isCheckpointing = false
    }
  }

  async #maintain(
    what: string,
    statements: Parameters<Maintenance['run']>[1],
    thread: Maintenance = this.#options.maintenance,
  ): Promise<void> {
    const { folder } = this.#options
    try {
      await thread.run(join(folder, FILE), statements)
    } catch (error) {
      this.#warn(what, error)
      throw error
    }
  }

  #warn(what: string, error: unknown): void {
    this.#options.log.error(what, { folder: this.#options.folder }, error)
  }
}

/** No base has U+0000 in its name. */
const nameOf = (base: string, key: string): string => `${base}\0${key}`
