import { join } from 'node:path'
import { randomLabel } from '../../kernel/ids.ts'
import type { Logger } from '../../kernel/log.ts'
import { Turns } from '../../kernel/turns.ts'
import { copySqlite } from '../../storage/index.ts'
import type { Blobs, BlobWriter } from '../content/blobs.ts'
import { Damaged, Refusal } from '../errors.ts'
import { blobsInIndex, copyRows } from '../files/copy-index.ts'
import type { WriteScope } from '../files/scope.ts'
import { expireUploads } from '../files/uploads.ts'
import { readUsage } from '../files/usage.ts'
import type { DriveLimits, Quota } from '../limits.ts'
import { INDEX_FILE, mark } from './index-file.ts'
import { type Leases, createLeases } from './leases.ts'
import { type Orphans, emptyTrash, removeOrphans } from './sweep.ts'

export interface CollectionParts {
  readonly id: string
  readonly scope: WriteScope
  readonly blobs: Blobs
  /** Throws when writes to the index would be lost. */
  readonly requireIndex: () => void
  readonly indexBytes: () => number
  /** Of the index file; null: the rows lie in a shared database. */
  readonly indexFolder: string | null
  readonly quota: () => Quota
  readonly limits: DriveLimits
  readonly log: Logger
  readonly nowMs: () => number
  /** Whether a crash, or a failure since, may have left blobs that no row names. */
  readonly mayHaveOrphans: boolean
}

const BLOB_ID_CHARS = 20

/** The drives of one collection while they are open: index, content, and what runs in the background. */
export class Collection implements AsyncDisposable {
  readonly parts: CollectionParts
  readonly leases: Leases
  /** Aborted to cut streams when the collection is closed. */
  readonly cut = new AbortController()
  readonly #turns = new Turns()
  readonly #writing = new Set<string>()
  /** Aborted when the collection is closed: what runs in the background stops. */
  readonly #closed = new AbortController()
  #emptying: Promise<void> | null = null
  #isTrashNew = false
  #sweeping: Promise<void> | null = null
  #mayHaveOrphans: boolean
  #timer: ReturnType<typeof setInterval>

  constructor(parts: CollectionParts) {
    this.parts = parts
    this.#mayHaveOrphans = parts.mayHaveOrphans
    this.leases = createLeases(() => this.emptyTrashSoon())
    this.#timer = setInterval(() => this.sweepSoon(), parts.limits.sweepEveryMs)
    this.#timer.unref()
  }

  /** For long work: other collections, and one slice of this one, come first. */
  turn(): Promise<void> {
    return this.#turns.take(this.parts.id)
  }

  get mayHaveOrphans(): boolean {
    return this.#mayHaveOrphans
  }

  get scope(): WriteScope {
    return this.parts.scope
  }

  /**
   * Writes a blob and then its row: `fill` the content, `commit` the row. The blob of a failed call is removed; after a
   * crash, a sweep finds it.
   */
  async store<T, R>(
    fill: (writer: BlobWriter) => Promise<T>,
    commit: (blob: string, filled: T) => Promise<R>,
  ): Promise<R> {
    const blob = randomLabel(BLOB_ID_CHARS)
    this.#writing.add(blob)
    try {
      const writer = await this.parts.blobs.create(blob)
      const filled = await fill(writer).catch(async (error: unknown) => {
        await writer.abandon()
        this.#mayHaveOrphans = true
        throw error
      })
      return await this.#commit(writer, () => commit(blob, filled))
    } finally {
      this.#writing.delete(blob)
    }
  }

  async #commit<R>(writer: BlobWriter, commit: () => Promise<R>): Promise<R> {
    try {
      this.parts.requireIndex()
      return await commit()
    } catch (error) {
      // After any other failure the row may be there all the same, as when the answer of a database got lost.
      if (error instanceof Refusal || error instanceof Damaged) await writer.abandon()
      else this.#mayHaveOrphans = true
      throw error
    }
  }

  /** For changes that need no new blob. */
  async change<T>(work: (scope: WriteScope) => Promise<T>): Promise<T> {
    this.parts.requireIndex()
    return await work(this.scope)
  }

  /** After a change that may have discarded content. */
  emptyTrashSoon(): void {
    this.#isTrashNew = true
    if (this.#closed.signal.aborted || this.#emptying) return
    this.#emptying = this.#emptyTrash().finally(() => (this.#emptying = null))
  }

  async #emptyTrash(): Promise<void> {
    while (this.#isTrashNew && !this.#closed.signal.aborted) {
      this.#isTrashNew = false
      await this.#logged('trash could not be emptied', () =>
        emptyTrash({
          scope: this.scope,
          blobs: this.parts.blobs,
          leases: this.leases,
          signal: this.#closed.signal,
        }),
      )
    }
  }

  /** Ends abandoned uploads, empties the trash, and looks for orphans where a crash may have left some. */
  sweepSoon(): void {
    if (this.#closed.signal.aborted || this.#sweeping) return
    this.#sweeping = this.#logged('a sweep failed', () => this.#sweep()).finally(
      () => (this.#sweeping = null),
    )
  }

  /** The same now, and looks for orphans in any case. */
  async sweep(): Promise<void> {
    await this.#sweeping
    this.#mayHaveOrphans = true
    await this.#sweep()
  }

  async #sweep(): Promise<void> {
    const { limits, nowMs, blobs, log, id } = this.parts
    const expired = await expireUploads(this.scope, nowMs() - limits.uploadExpiryMs)
    if (expired > 0) log.info('abandoned uploads were ended', { collection: id, uploads: expired })
    this.emptyTrashSoon()
    await this.#emptying
    if (!this.#mayHaveOrphans) return
    // A call that fails during the search is looked for the next time.
    this.#mayHaveOrphans = false
    let found: Orphans | null = null
    try {
      found = await removeOrphans({
        scope: this.scope,
        blobs,
        writing: this.#writing,
        beforeMs: nowMs() - limits.orphanAgeMs,
        signal: this.#closed.signal,
      })
    } finally {
      if (!found?.isSettled) this.#mayHaveOrphans = true
    }
    const { removed } = found
    if (removed > 0) log.warn('orphans of a crash were removed', { collection: id, blobs: removed })
  }

  async size(): Promise<number> {
    return (await readUsage(this.scope)).bytes + this.parts.indexBytes()
  }

  /** Consistent: no blob is removed between the copy of the index and the copies of what it names. */
  async copyTo(folder: string): Promise<void> {
    const { blobs, indexFolder } = this.parts
    const path = join(folder, INDEX_FILE)
    await this.leases.duringLookup(async () => {
      if (indexFolder === null) await copyRows(this.scope, path)
      else await copySqlite(join(indexFolder, INDEX_FILE), path)
      await blobs.copyTo(blobsInIndex(path), folder)
    })
    await mark(folder)
  }

  async #logged(failure: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.parts.log.error(failure, { collection: this.parts.id }, error)
    }
  }

  /** No call may be under way. Does not close the index. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort()
    clearInterval(this.#timer)
    await this.#sweeping
    await this.#emptying
  }
}
