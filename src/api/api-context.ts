import type { Backups } from '../backups/index.ts'
import type { Limits, OwnHosts, SetupCode } from '../sessions/index.ts'
import type { Database, Sealer } from '../storage/index.ts'
import type { DirectorySync } from '../directory-sync/index.ts'
import type { OpenApiDocument } from '../contract/index.ts'
import type { DirectoryPublisher } from '../directory/index.ts'
import type { CollectionCalls, CollectionService } from '../collections/index.ts'
import type { Domains } from '../domains/index.ts'
import type { AppHosts, InstanceService } from '../instances/index.ts'
import type { Logger } from '../kernel/log.ts'
import type { InstanceId } from '../kernel/ids.ts'
import type { LogEntry } from '../runner/index.ts'
import type { ApiLimits } from './api-limits.ts'
import type { Home } from './home/home.ts'
import type { Pushes } from '../pushes/index.ts'
import type { DataAccess, ImportLimits } from '../transfers/index.ts'
import type { ServerTables } from './schema.ts'

/** What the API is built from. */
export interface ApiServices {
  readonly version: string
  readonly home: Home
  readonly hosts: AppHosts
  /** Hosts that redirects may target. */
  readonly ownHosts: OwnHosts
  readonly db: Database<ServerTables>
  readonly sealer: Sealer
  readonly limits: Limits
  readonly setupCode: SetupCode
  readonly pushes: Pushes
  readonly instances: InstanceService
  readonly domains: Domains
  readonly collections: CollectionService
  /** Bases and Drives. */
  readonly data: CollectionCalls & DataAccess
  readonly importLimits: ImportLimits
  readonly backups: Backups
  readonly directory: Pick<DirectoryPublisher, 'findRefusal'>
  /** Grants and ends rights, see `DirectorySync.commit`. */
  readonly sync: DirectorySync<ServerTables>
  /** An access token of `space login` expires after this time without use; null: only by its age. */
  readonly cliTokenIdleMs: number | null
  /** Log lines of an instance's micros, newest first. */
  readonly readMicroLog: (
    instance: InstanceId,
    query: { micro?: string; limit: number },
  ) => Promise<LogEntry[]>
  /** Uploads are written here first; on the same disk as their final folder, so that a rename moves them. */
  readonly uploadsDir: string
  /** Limits that the operator has changed. */
  readonly bounds?: Partial<ApiLimits>
  /** Folder of the built web page. */
  readonly webDir: string
  /** Compare each answer with its contract: in tests and development. */
  readonly checksAnswers: boolean
  readonly log: Logger
  readonly now: () => number
}

/** What handlers use. */
export interface ApiContext extends ApiServices {
  /** The OpenAPI document of this version, built at the first call. */
  readonly openApi: () => OpenApiDocument
}
