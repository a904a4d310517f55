import { join } from 'node:path'
import {
  type BuildCaches,
  type BuildInput,
  type BuildResult,
  type Registries,
  auditPackages,
  buildBoundsOf,
  openToolStore,
} from '../../builds/index.ts'
import { CollectionService, completeDataKeys, createLocalCollectionFiles } from '../../collections/index.ts'
import type { DirectoryPublisher } from '../../directory/index.ts'
import { DirectorySync } from '../../directory-sync/index.ts'
import type { DiskGuard } from '../../disk/index.ts'
import { type Domains, type TxtLookup, createDomains } from '../../domains/index.ts'
import {
  type AppHosts,
  InstanceProcesses,
  type InstanceProcessesDeps,
  InstanceService,
  ProcessRegistry,
} from '../../instances/index.ts'
import type { MicroRunner } from '../../runner/index.ts'
import { type KeyedQueue, createKeyedQueue } from '../../kernel/keyed-queue.ts'
import type { Logger } from '../../kernel/log.ts'
import { loadDirectory } from '../../processes/load-directory.ts'
import type { Database, Folders, Sealer } from '../../storage/index.ts'
import { PUSH_LIMITS, type PushLimits } from '../limits.ts'
import { Pushes } from '../pushes.ts'
import { clearSpareFiles } from '../spare-files.ts'
import { runStartChecks } from '../start-checks.ts'
import type { ServerTables } from '../../api/schema.ts'

export interface TestServicesDeps {
  readonly db: Database<ServerTables>
  readonly sealer: Sealer
  readonly folders: Folders
  readonly hosts: AppHosts
  readonly runner: MicroRunner
  readonly publisher: InstanceProcessesDeps['publisher'] & Pick<DirectoryPublisher, 'publish'>
  readonly build: (input: BuildInput) => Promise<BuildResult>
  readonly caches: BuildCaches
  /** By default there is none to ask. */
  readonly registries?: Registries
  readonly disk: DiskGuard
  readonly keptRevisions: number
  readonly lookUpTxt: TxtLookup
  readonly limits?: Partial<PushLimits>
  readonly log: Logger
  readonly now: () => number
}

/** The services of the platform process, as processes/platform.ts joins them. */
export interface TestServices extends AsyncDisposable {
  readonly sync: DirectorySync<ServerTables>
  readonly processes: InstanceProcesses
  readonly instances: InstanceService
  readonly pushes: Pushes
  readonly domains: Domains
  readonly collections: CollectionService
  /** Of the pushes of all apps. */
  readonly queue: KeyedQueue
  /** Of the start checks. */
  readonly notices: readonly string[]
}

export async function startTestServices(deps: TestServicesDeps): Promise<TestServices> {
  const { db, hosts, folders, publisher, lookUpTxt, now } = deps
  const limits = { ...PUSH_LIMITS, ...deps.limits }
  const queue = createKeyedQueue({ atOnce: limits.buildsAtOnce, waiting: limits.pushesWaiting })
  const registry = new ProcessRegistry({ db, hosts, folders })
  const sync = new DirectorySync({ db, publisher, describe: (id) => registry.describe(id) })
  const notices = await runStartChecks(deps)
  await clearSpareFiles(deps)
  await completeDataKeys(db, deps.sealer, deps.log)
  await loadDirectory({ ...deps, sync, registry })
  const files = createLocalCollectionFiles(folders.collections)
  const collections = new CollectionService({ ...deps, sync, files })
  const shared = { ...deps, collections, identitySecret: 'secret', sync, registry, queue, limits }
  const processes = new InstanceProcesses({ ...shared, drainMs: limits.drainMs })
  const instances = new InstanceService({ ...shared, processes })
  const registries = deps.registries ?? { npm: null, pypi: null }
  const audit = (urls: readonly string[]) =>
    auditPackages(urls, registries, { signal: AbortSignal.timeout(AUDIT_MS) })
  const tools = openTools(deps)
  const pushes = new Pushes({ ...shared, processes, tools, audit, buildBounds: BOUNDS })
  return {
    sync,
    processes,
    instances,
    pushes,
    collections,
    queue,
    domains: createDomains({ db, hosts, sync, lookUpTxt, now }),
    notices,
    async [Symbol.asyncDispose]() {
      await pushes[Symbol.asyncDispose]()
      await collections[Symbol.asyncDispose]()
      processes[Symbol.dispose]()
    },
  }
}

const AUDIT_MS = 10_000
const UNLIMITED = Number.POSITIVE_INFINITY
const BOUNDS = buildBoundsOf(
  { buildBytes: UNLIMITED, appCacheBytes: UNLIMITED, cachesBytes: UNLIMITED, toolsBytes: UNLIMITED },
  {},
  {},
)

const openTools = ({ caches, disk: { hasRoom }, log, now }: TestServicesDeps) =>
  openToolStore({ dir: join(caches.dir, 'tools'), totalBytes: UNLIMITED, hasRoom, log, now })
