import { BaseService, DEFAULT_BASE_LIMITS, SqliteStore, startSweep } from '../base/index.ts'
import type { DataLimits, DataServices } from '../data/index.ts'
import { createDrive } from '../drive/index.ts'
import type { Logger } from '../kernel/log.ts'

export interface DataServicesOptions {
  readonly collectionsDir: string
  readonly limits: DataLimits
  readonly minFreeBytes: number
  readonly log: Logger
}

/** Base and Drive of this server. Disposing closes all files. */
export function openDataServices(options: DataServicesOptions): DataServices & AsyncDisposable {
  const { collectionsDir, limits, minFreeBytes } = options
  const parts = new AsyncDisposableStack()
  const log = options.log.child('base')
  const store = new SqliteStore({
    folder: collectionsDir,
    openCollections: limits.openCollections,
    collectionBytes: limits.baseBytes,
    cacheBytes: limits.baseCacheBytes,
    logBytes: limits.baseLogBytes,
    minFreeBytes,
    indexLimits: { most: limits.baseIndexes },
    log,
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
      quotaOf: () => ({ bytes: limits.driveBytes, files: limits.driveFiles }),
      log: options.log.child('drive'),
    }),
  )
  // Last, so that it ends before the files are closed.
  parts.use(startSweep({ store, log }))
  return { base, drive, [Symbol.asyncDispose]: () => parts.disposeAsync() }
}
