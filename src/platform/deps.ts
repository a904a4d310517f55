import type { AccountsTables, Limits, SetupGate } from '../accounts/index.ts'
import type { AppsTables } from '../apps/index.ts'
import type { Database, Sealer } from '../db/index.ts'
import type { AppHosts, Deployments, Publisher } from '../deploy/index.ts'
import type { Logger } from '../log.ts'
import type { Home } from './home.ts'
import type { MicroLogs } from './micro-logs.ts'

/** The parts that handlers may take, each by its name. */
export interface PlatformDeps {
  readonly version: string
  readonly home: Home
  readonly hosts: AppHosts
  readonly db: Database<AccountsTables & AppsTables>
  readonly sealer: Sealer
  readonly limits: Limits
  readonly setupGate: SetupGate
  readonly deployments: Deployments
  readonly directory: Pick<Publisher, 'publish'>
  readonly microLogs: MicroLogs
  /** Where bodies that become files come in; on the same disk as what they become. */
  readonly uploadsDir: string
  /** The built web page. */
  readonly webDir: string
  readonly log: Logger
  readonly now: () => number
}
