import { join } from 'node:path'
import { type DataCall, type DataService, dataError, readOnly } from '../data-protocol/index.ts'
import { type Logger, silentLogger } from '../kernel/log.ts'
import type { Database } from '../storage/index.ts'
import { Collection } from './collection/collection.ts'
import { type Opened, Collections } from './collection/collections.ts'
import { hasIndexFile, makeFolder, openIndexFile } from './collection/index-file.ts'
import type { Blobs } from './content/blobs.ts'
import { diskBlobs } from './disk/disk-blobs.ts'
import { createGroupCommit } from './files/group-commit.ts'
import { listDrives } from './files/list-drives.ts'
import type { DriveTables } from './files/schema.ts'
import { answerError } from './http/answers.ts'
import type { DriveCall } from './http/drive-call.ts'
import { fieldsOf } from './http/query.ts'
import { type Route, findRoute } from './http/routes.ts'
import { DRIVE_LIMITS, type DriveLimits, NO_QUOTA, type Quota } from './limits.ts'
import { requireDriveName, toText } from './names.ts'

export interface DriveOptions {
  /** Has a folder for each collection, named by its id, in which `drive/` is made. */
  readonly collectionsDir: string
  readonly limits?: Partial<DriveLimits>
  /** Asked at each write, so a change holds at once. */
  readonly quotaOf?: (collectionId: string) => Quota
  /** Where content lies; null, or without it: on the disk, in the folder of the collection. */
  readonly blobsOf?: (collectionId: string) => Blobs | null
  /** One for all collections, with the tables of `driveMigrations`; otherwise a SQLite file in each folder. */
  readonly database?: Database<DriveTables>
  readonly log?: Logger
  readonly nowMs?: () => number
}

/** Beyond `DataService`, for tests and maintenance. */
export interface Drive extends DataService {
  /** Ends abandoned uploads and removes what no file names, now. */
  sweep(collectionId: string): Promise<void>
  /** Collections whose files are open. */
  openCount(): number
}

export function createDrive(options: DriveOptions): Drive {
  const limits = { ...DRIVE_LIMITS, ...options.limits }
  const log = options.log ?? silentLogger
  /** Swept since this process has started: not again each time that they are opened. */
  const swept = new Set<string>()
  const collections = new Collections({
    open: (id) => openCollection(id, { ...options, limits, log, swept }),
    atMost: limits.openCollections,
    closeWithinMs: limits.closeWithinMs,
  })
  /** A collection that was never written to stays without a folder. */
  const ifThere = async <T>(id: string, otherwise: T, work: (collection: Collection) => Promise<T>) => {
    const isThere = options.database !== undefined || hasIndexFile(folderOf(options, id))
    return isThere ? await collections.use(id, work) : otherwise
  }
  return {
    async handle(call) {
      try {
        return await answer(call, collections, limits)
      } catch (error) {
        return answerError(error, log, call.collectionId)
      }
    },
    names: (id) =>
      ifThere<string[]>(id, [], async ({ scope }) => (await listDrives(scope)).map((name) => toText(name))),
    size: (id) => ifThere(id, 0, (collection) => collection.size()),
    copyTo: (id, folder) => ifThere(id, undefined, (collection) => collection.copyTo(folder)),
    async close(id) {
      await collections.close(id)
      // Its files may be others when it is opened again.
      swept.delete(id)
    },
    sweep: (id) => ifThere(id, undefined, (collection) => collection.sweep()),
    openCount: () => collections.openCount,
    [Symbol.asyncDispose]: () => collections[Symbol.asyncDispose](),
  }
}

async function answer(call: DataCall, collections: Collections, limits: DriveLimits): Promise<Response> {
  const found = findRoute(call.request.method, call.path)
  if (found.kind === 'none') return dataError(404, 'There is no such call')
  if (found.kind === 'wrong-method') {
    const refusal = dataError(405, 'The call does not know this method')
    refusal.headers.set('allow', found.allowed.join(', '))
    return refusal
  }
  if (found.route.changes && !call.mayWrite) return readOnly()
  const drive = requireDriveName(call.name, limits.nameBytes)
  return await run(found.route, { call, limits, drive, uploadId: found.uploadId }, collections)
}

type Asked = Pick<DriveCall, 'call' | 'limits' | 'drive' | 'uploadId'>

/** The collection stays open until the call is answered, and what it streams has ended. */
async function run(route: Route, asked: Asked, collections: Collections): Promise<Response> {
  const { collection, release } = await collections.acquire(asked.call.collectionId)
  let isKept = false
  const keepOpen = () => {
    isKept = true
    return release
  }
  try {
    return await route.handler({ ...asked, collection, fields: fieldsOf(asked.call.query), keepOpen })
  } finally {
    if (!isKept) release()
  }
}

type OpenOptions = DriveOptions & {
  readonly limits: DriveLimits
  readonly log: Logger
  readonly swept: Set<string>
}

async function openCollection(id: string, options: OpenOptions): Promise<Opened> {
  const { limits, log, swept, quotaOf, blobsOf, database, nowMs = Date.now } = options
  const folder = folderOf(options, id)
  const index = database ? null : await openIndexFile(folder)
  const elsewhere = blobsOf?.(id) ?? null
  if (database && elsewhere === null) await makeFolder(folder)
  const collection = new Collection({
    id,
    scope: index ? writeScope(index.db, '') : writeScope(database!, id),
    blobs: elsewhere ?? diskBlobs({ folder, minFreeBytes: limits.minFreeBytes }),
    requireIndex: () => index?.requireThere(),
    indexBytes: () => index?.bytes() ?? 0,
    indexFolder: index && folder,
    quota: () => quotaOf?.(id) ?? NO_QUOTA,
    limits,
    log,
    nowMs,
    mayHaveOrphans: !swept.has(id),
  })
  collection.sweepSoon()
  return {
    collection,
    async end() {
      if (collection.mayHaveOrphans) swept.delete(id)
      else swept.add(id)
      await index?.[Symbol.asyncDispose]()
    },
  }
}

const writeScope = (db: Database<DriveTables>, collection: string) => ({
  db,
  collection,
  write: createGroupCommit(db),
})

/** Throws for what is no id: it becomes a part of a path. */
function folderOf({ collectionsDir }: DriveOptions, id: string): string {
  if (!/^[a-z0-9]+$/.test(id)) throw new Error(`not the id of a collection: ${id}`)
  return join(collectionsDir, id, 'drive')
}
