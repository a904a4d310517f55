import { type DataService, dataError } from '../data-protocol/index.ts'
import type { DataLimits, DataServices } from '../data/index.ts'
import { createDrive } from '../drive/index.ts'
import type { Logger } from '../kernel/log.ts'

export interface DataServicesOptions {
  readonly collectionsDir: string
  readonly limits: Partial<DataLimits>
  readonly log: Logger
}

/** Base and Drive of this server. */
export function openDataServices({ collectionsDir, limits, log }: DataServicesOptions): DataServices {
  const { driveBodyBytes, openCollections } = limits
  return {
    base: missingBase(),
    drive: createDrive({
      collectionsDir,
      limits: {
        ...(driveBodyBytes === undefined ? {} : { bodyBytes: driveBodyBytes }),
        ...(openCollections === undefined ? {} : { openCollections }),
      },
      log: log.child('drive'),
    }),
  }
}

const missingBase = (): DataService => ({
  handle: async () => dataError(501, 'Base is not served yet'),
  names: async () => [],
  size: async () => 0,
  copyTo: async () => {},
  close: async () => {},
  [Symbol.asyncDispose]: async () => {},
})
