import type { DirectorySync } from '../directory-sync/index.ts'
import { HttpError } from '../kernel/http-error.ts'
import { type CollectionId, type DataKeyId, digestOf, newCollectionId, newId } from '../kernel/ids.ts'
import type { Logger } from '../kernel/log.ts'
import { startPeriodic } from '../kernel/periodic.ts'
import type { Database } from '../storage/index.ts'
import type { CollectionFiles } from './collection-files.ts'
import { type Collection, deleteHeadlessCollection, getCollection } from './collections.ts'
import { listDataKeys, newDataKeyValue } from './data-keys.ts'
import { forgetErasure, listErasures, recordErasure } from './erasures.ts'
import type { CollectionsTables } from './schema.ts'

export interface CollectionServiceDeps {
  readonly db: Database<CollectionsTables>
  readonly sync: Pick<DirectorySync<CollectionsTables>, 'commit'>
  readonly files: CollectionFiles
  readonly log: Logger
  /** Between two attempts to erase files that could not be erased. */
  readonly pauseMs?: number
  /** How long a caller waits for files to be erased; the erasure continues. */
  readonly eraseWaitMs?: number
}

const PAUSE_MS = 60_000
const ERASE_WAIT_MS = 10_000
const UNLIMITED = { mayWrite: true, bases: null, drives: null, expiresAtMs: null } as const

/** Each takes up as much of the disk as the Bases of its collection. */
const COPIES_AT_ONCE = 4

const tooManyCopies = () =>
  new HttpError(503, 'unavailable', 'Too many exports are in progress. Try again when one has ended.', {
    retryAfterSeconds: 30,
  })

/** A collection without a row, for reading through `CollectionFiles` and the platform's calls. */
export interface CollectionCopy extends AsyncDisposable {
  readonly collectionId: CollectionId
}

/** An empty collection that is gone with its key when it is disposed. */
export interface ThrowawayCollection extends AsyncDisposable {
  /** For `DETA_PROJECT_KEY`. */
  readonly dataKey: string
}

/** Ends collections together with their files. Disposing stops the attempts to erase, which the next start continues. */
export class CollectionService implements AsyncDisposable {
  readonly #deps: CollectionServiceDeps
  /** Throw-away collections that a build uses; their erasure is recorded before they are. */
  readonly #inUse = new Set<CollectionId>()
  readonly #erasing = new Map<CollectionId, Promise<void>>()
  #copies = 0
  readonly #retries: AsyncDisposable

  constructor(deps: CollectionServiceDeps) {
    this.#deps = deps
    this.#retries = startPeriodic({
      pauseMs: deps.pauseMs ?? PAUSE_MS,
      run: () => this.eraseRecorded(),
      onError: (error) => deps.log.error('collections to erase cannot be listed', {}, error),
    })
  }

  /** Its files, for their size and names. */
  get files(): CollectionFiles {
    return this.#deps.files
  }

  /** Deletes a headless collection: when this resolves, its keys are refused. Throws 409 while an app uses it. */
  async remove({ id }: Pick<Collection, 'id'>): Promise<void> {
    await this.#deps.sync.commit((commit) => deleteHeadlessCollection(commit, id))
    await this.#erase(id)
  }

  /**
   * Completes `releaseCollection`: erases the files of a deleted collection, and deletes one that was kept although it is
   * empty and no key opens it. Returns the collection that is kept.
   */
  async settle(id: CollectionId): Promise<Collection | null> {
    const kept = await getCollection(this.#deps.db, id)
    if (kept === null) await this.#erase(id)
    else if (!(await this.#isUnused(id))) return kept
    else await this.remove(kept)
    return null
  }

  /** For the code of an app that is being built, which must not reach the data of the app (COMPAT 4.1). */
  async openThrowaway(): Promise<ThrowawayCollection> {
    const { sync, log } = this.#deps
    const collectionId = newCollectionId()
    const dataKey = newDataKeyValue(collectionId)
    const id = newId<DataKeyId>('dkey')
    const end = async () => {
      await sync
        .commit(async (commit) => commit.record({ op: 'dataKey.delete', id }))
        // The build has ended well or not by itself, and the key opens nothing that counts.
        .catch((error: unknown) => log.error('the data key of a build was not deleted', {}, error))
      this.#inUse.delete(collectionId)
      await this.#erase(collectionId)
    }
    this.#inUse.add(collectionId)
    try {
      await sync.commit(async (commit) => {
        await recordErasure(commit.trx, collectionId)
        commit.record({
          op: 'dataKey.put',
          key: { ...UNLIMITED, id, digest: digestOf(dataKey), collectionId },
        })
      })
    } catch (error) {
      this.#inUse.delete(collectionId)
      throw error
    }
    return { dataKey, [Symbol.asyncDispose]: end }
  }

  /** A copy of the collection at one moment, to be read while its apps write; disposing erases it. */
  async openCopy(id: CollectionId): Promise<CollectionCopy> {
    const { db, files } = this.#deps
    if (this.#copies === COPIES_AT_ONCE) throw tooManyCopies()
    this.#copies += 1
    const collectionId = newCollectionId()
    const end = async () => {
      this.#copies -= 1
      this.#inUse.delete(collectionId)
      await this.#erase(collectionId)
    }
    this.#inUse.add(collectionId)
    try {
      await recordErasure(db, collectionId)
      await files.copyAs(id, collectionId)
    } catch (error) {
      await end()
      throw error
    }
    return { collectionId, [Symbol.asyncDispose]: end }
  }

  /** Erases the files of every collection that was deleted. */
  async eraseRecorded(): Promise<void> {
    for (const id of await listErasures(this.#deps.db)) if (!this.#inUse.has(id)) await this.#erase(id)
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#retries[Symbol.asyncDispose]()
  }

  /** Never rejects: the right to the data has ended, and a later attempt erases the files. */
  async #erase(id: CollectionId): Promise<void> {
    const running = this.#erasing.get(id) ?? this.#eraseNow(id).finally(() => this.#erasing.delete(id))
    this.#erasing.set(id, running)
    const { promise: isLate, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, this.#deps.eraseWaitMs ?? ERASE_WAIT_MS)
    await Promise.race([running, isLate]).finally(() => clearTimeout(timer))
  }

  async #eraseNow(id: CollectionId): Promise<void> {
    const { db, files, log } = this.#deps
    try {
      await files.erase(id)
      await forgetErasure(db, id)
    } catch (error) {
      log.error('the files of a deleted collection are not erased yet', { collection: id }, error)
    }
  }

  /** False when its size is not known. */
  async #isUnused(id: CollectionId): Promise<boolean> {
    const { db, files, log } = this.#deps
    if ((await listDataKeys(db, id)).length > 0) return false
    try {
      const { bases, drives } = await files.names(id)
      return bases.length + drives.length === 0 && (await files.size(id)) === 0
    } catch (error) {
      log.error('the size of a collection is not known, so it is kept', { collection: id }, error)
      return false
    }
  }
}
