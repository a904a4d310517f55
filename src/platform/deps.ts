import type { AccountsTables, Limits, OwnHosts, SetupGate } from '../accounts/index.ts'
import type { AppsTables } from '../apps/index.ts'
import type { Database, Sealer } from '../db/index.ts'
import type { AppHosts, Deployments, Publisher } from '../deploy/index.ts'
import type { Logger } from '../log.ts'
import type { InstanceId } from '../ids.ts'
import type { LogEntry } from '../runtime/index.ts'
import type { Home } from './home.ts'

/** The parts that handlers may take, each by its name. */
export interface PlatformDeps {
  readonly version: string
  readonly home: Home
  readonly hosts: AppHosts
  /** Where redirects may lead. */
  readonly ownHosts: OwnHosts
  readonly db: Database<AccountsTables & AppsTables>
  readonly sealer: Sealer
  readonly limits: Limits
  readonly setupGate: SetupGate
  readonly deployments: Deployments
  readonly directory: Pick<Publisher, 'publish' | 'findRefusal' | 'onUse'>
  /** What an instance's micros wrote, newest first. */
  readonly readMicroLog: (
    instance: InstanceId,
    query: { micro?: string; limit: number },
  ) => Promise<LogEntry[]>
  /** Where bodies that become files come in; on the same disk as what they become. */
  readonly uploadsDir: string
  /** The built web page. */
  readonly webDir: string
  readonly log: Logger
  readonly now: () => number
}
