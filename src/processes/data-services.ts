import {
  BaseService,
  DEFAULT_BASE_LIMITS,
  PlacedStore,
  PostgresStore,
  SqliteStore,
  startSweep,
} from '../base/index.ts'
import { type BucketConfig, type DataConfig, readBucketKeys } from '../config/index.ts'
import type { DataLimits, DataServices, Places } from '../data/index.ts'
import { type Blobs, createDrive, s3Blobs } from '../drive/index.ts'
import type { Logger } from '../kernel/log.ts'
import { DataPlaces } from './data-places.ts'
import { PlaceBook } from './place-book.ts'

export interface DataServicesOptions {
  readonly collectionsDir: string
  /** Stores outside of the folder; without it, there are none. */
  readonly outside?: DataConfig
  readonly limits: DataLimits
  readonly minFreeBytes: number
  readonly log: Logger
}

export type OpenDataServices = DataServices & AsyncDisposable & { readonly places: Places }

/** For one request to S3. */
const S3_REQUEST_MS = 60_000

/** Base and Drive of this server. Disposing closes all files. */
export async function openDataServices(options: DataServicesOptions): Promise<OpenDataServices> {
  const { collectionsDir, limits, minFreeBytes, outside } = options
  await using opening = new AsyncDisposableStack()
  const parts = opening.use(new AsyncDisposableStack())
  const book = new PlaceBook(collectionsDir)
  const s3Of = outside?.blobs ? s3Below(outside.blobs) : null
  const log = options.log.child('base')
  const sqlite = new SqliteStore({
    folder: collectionsDir,
    openCollections: limits.openCollections,
    collectionBytes: limits.baseBytes,
    cacheBytes: limits.baseCacheBytes,
    logBytes: limits.baseLogBytes,
    minFreeBytes,
    indexLimits: { most: limits.baseIndexes },
    log,
  })
  const postgres = outside?.database ? await PostgresStore.open({ config: outside.database }) : null
  const store = new PlacedStore({
    sqlite,
    postgres,
    placeOf: (id) => book.placeOf(id).documents,
    isMoving: (id) => book.isMoving(id),
  })
  const base = parts.use(
    new BaseService({ store, limits: { ...DEFAULT_BASE_LIMITS, requestBytes: limits.baseBodyBytes }, log }),
  )
  const drive = parts.use(
    createDrive({
      collectionsDir,
      limits: {
        bodyBytes: limits.driveBodyBytes,
        idleMs: limits.driveIdleMs,
        uploadMs: limits.driveUploadMs,
        uploadExpiryMs: limits.driveExpiryMs,
        nameBytes: limits.driveNameBytes,
        parts: limits.driveParts,
        openUploads: limits.driveUploads,
        orphanAgeMs: limits.driveOrphanMs,
        openCollections: limits.openCollections,
        closeWithinMs: limits.drainMs,
        minFreeBytes,
      },
      blobsOf: (id) => (book.placeOf(id).files === 'disk' ? null : requireS3(s3Of)(id)),
      quotaOf: () => ({ bytes: limits.driveBytes, files: limits.driveFiles }),
      log: options.log.child('drive'),
    }),
  )
  // Last, so that it ends before the files are closed.
  parts.use(startSweep({ store, log }))
  const close = async (id: string) => {
    await Promise.all([base.close(id), drive.close(id)])
  }
  const places = new DataPlaces({ collectionsDir, book, sqlite, postgres, s3Of, close })
  const kept = opening.move()
  return { base, drive, places, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}

type S3Of = (collectionId: string) => Blobs

function s3Below(config: BucketConfig): S3Of {
  const { bucket, endpoint, region, prefix } = config
  const store = { bucket, region, ...(endpoint === null ? {} : { endpoint }), ...readBucketKeys(config) }
  return (id) => s3Blobs({ store, prefix: `${prefix}${id}/`, requestMs: S3_REQUEST_MS })
}

function requireS3(s3Of: S3Of | null): S3Of {
  if (s3Of !== null) return s3Of
  throw new Error('the files of this collection are in S3, and the server runs without --data-blobs')
}
