import type { AccountsTables } from '../people/index.ts'
import type { Limits, OwnHosts, SetupCode } from '../sessions/index.ts'
import type { AppsTables } from '../projects/index.ts'
import type { Database, Sealer } from '../storage/index.ts'
import type { DirectorySync } from '../directory-sync/index.ts'
import type { DirectoryPublisher } from '../directory/index.ts'
import type { Domains } from '../domains/index.ts'
import type { AppHosts, InstanceService } from '../instances/index.ts'
import type { Pushes } from '../pushes/index.ts'
import type { Logger } from '../kernel/log.ts'
import type { InstanceId } from '../kernel/ids.ts'
import type { LogEntry } from '../runner/index.ts'
import type { PlatformLimits } from './platform-limits.ts'
import type { Home } from './home/home.ts'

/** The parts that handlers may take, each by its name. */
export interface ApiContext {
  readonly version: string
  readonly home: Home
  readonly hosts: AppHosts
  /** Where redirects may lead. */
  readonly ownHosts: OwnHosts
  readonly db: Database<AccountsTables & AppsTables>
  readonly sealer: Sealer
  readonly limits: Limits
  readonly setupCode: SetupCode
  readonly pushes: Pushes
  readonly instances: InstanceService
  readonly domains: Domains
  readonly directory: Pick<DirectoryPublisher, 'findRefusal'>
  /** Ends and grants rights, see `DirectorySync.commit`. */
  readonly sync: DirectorySync<AccountsTables & AppsTables>
  /** An access token of `space login` expires when it is not used for this long; null: only by its age. */
  readonly cliTokenIdleMs: number | null
  /** What an instance's micros wrote, newest first. */
  readonly readMicroLog: (
    instance: InstanceId,
    query: { micro?: string; limit: number },
  ) => Promise<LogEntry[]>
  /** Where bodies that become files come in; on the same disk as what they become. */
  readonly uploadsDir: string
  /** Bounds of calls that differ from the usual ones. */
  readonly bounds?: Partial<PlatformLimits>
  /** The built web page. */
  readonly webDir: string
  /** Compare each answer with its contract: in tests and development. */
  readonly checksAnswers: boolean
  readonly log: Logger
  readonly now: () => number
}
