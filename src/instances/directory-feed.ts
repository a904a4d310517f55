import type { AccountsTables } from '../people/index.ts'
import type { AppsTables } from '../projects/index.ts'
import { type Instance, getInstance, listAllInstances } from './instances.ts'
import { DirectorySync } from '../directory-sync/index.ts'
import { listEnvValues } from './env-values.ts'
import { requireInstanceCredentials } from './credentials.ts'
import type { Database, Sealer, Folders } from '../storage/index.ts'
import {
  type DirectoryChange,
  type MicroCrash,
  type MicroRef,
  type Refusal,
  type UpstreamAddress,
  type UseCount,
  type WakeResult,
  identityKeyOf,
} from '../directory/index.ts'
import type { BuildId, InstanceId } from '../kernel/ids.ts'
import type { Logger } from '../kernel/log.ts'
import { instanceEntry } from './directory-entries.ts'
import type { AppHosts } from './app-hosts.ts'
import { createRecentCrashes } from './recent-crashes.ts'
import type { MicroRunner } from './micro-runner.ts'
import { isProcess, microSpec, processId, servingIds } from './process-spec.ts'
import { type Rest, createSleeper } from './sleep.ts'

/** What of the directory's publisher is needed here. */
export interface Publisher {
  publish(changes: readonly DirectoryChange[]): Promise<void>
  onWake(handler: (instanceId: string, micro: string) => Promise<WakeResult>): void
  onAskCrash(handler: (instanceId: string, micro: string) => Promise<MicroCrash | null>): void
  activeMicros(): Promise<readonly MicroRef[] | null>
  onUse(handler: (counts: readonly UseCount[]) => void): void
  findRefusal(id: string): Promise<Refusal | null>
}

export interface FeedDeps {
  readonly db: Database<AppsTables & AccountsTables>
  readonly sealer: Sealer
  readonly folders: Folders
  readonly hosts: AppHosts
  readonly runner: MicroRunner
  readonly publisher: Publisher
  /** See `identityKeyOf`. */
  readonly identitySecret: string
  readonly log: Logger
  readonly now: () => number
}

/** Keeps the directory equal to the database and to what runs. */
export interface DirectoryFeed extends Pick<Rest, 'sleepIdle'> {
  readonly sync: DirectorySync<AppsTables & AccountsTables>
  /** Publishes every instance; called once, before gateways connect. */
  load(): Promise<void>
  /** The instance serves the revision that the database says, its processes at `addresses` (by process id). */
  serve(id: InstanceId, addresses: ReadonlyMap<string, UpstreamAddress>): Promise<void>
  /** Ends the processes of one revision of an instance. */
  stopProcesses(instance: Instance): Promise<void>
}

/** A wake that meets an update begins again with the new revision; so many updates in a row are none. */
const WAKE_ATTEMPTS = 3

export function createDirectoryFeed(deps: FeedDeps): DirectoryFeed {
  const { db, runner, publisher } = deps
  const addresses = new Map<string, UpstreamAddress>()
  /** Which revision each instance serves. Changed in the same step as what is published about it. */
  const serving = new Map<string, BuildId>()
  const context = { hosts: deps.hosts, folders: deps.folders, addresses }
  const entryOf = (instance: Instance) => {
    serving.set(instance.id, instance.buildId)
    return instanceEntry(instance, context)
  }
  const describe = async (id: InstanceId) => {
    const instance = await getInstance(db, id)
    if (instance) return entryOf(instance)
    serving.delete(id)
    return null
  }
  const sync = new DirectorySync({ db, publisher, describe })

  runner.onExit(({ id }) => {
    if (!addresses.delete(id)) return
    const { instanceId, micro, buildId } = partsOf(id)
    if (serving.get(instanceId) !== buildId) return
    void sync.setUpstream({ instanceId, micro }, null)
  })

  const servingProcess = ({ instanceId, micro }: MicroRef): string | null => {
    const buildId = serving.get(instanceId)
    return buildId === undefined ? null : processId(instanceId as InstanceId, micro, buildId)
  }

  const crashes = createRecentCrashes(runner, deps.now)
  publisher.onAskCrash(async (instanceId, micro) => {
    const process = servingProcess({ instanceId, micro })
    return process === null ? null : crashes.lastOf(process)
  })

  const rest = createSleeper({
    runner,
    publisher,
    sync,
    addresses,
    servingProcess,
    refOf: (process) => {
      const { instanceId, micro } = partsOf(process)
      return { instanceId, micro }
    },
  })

  const wake = async (instanceId: string, micro: string): Promise<WakeResult> => {
    for (let attempt = 0; attempt < WAKE_ATTEMPTS; attempt++) {
      const spec = await specOf(deps, instanceId as InstanceId, micro)
      if (!spec) return unavailable('There is no such app any more')
      await rest.settled(spec.id)
      const result = await runner.ensureRunning(spec)
      const { buildId } = partsOf(spec.id)
      // An update or a deletion that came first has ended the old processes before this one was there to be ended.
      if ((await getInstance(db, spec.instanceId as InstanceId))?.buildId !== buildId) {
        await runner.stop(spec.id)
        continue
      }
      if (result.kind === 'failed') return result
      addresses.set(spec.id, result.address)
      // Otherwise the update that is about to be published brings the address along.
      if (serving.get(instanceId) === buildId) await sync.setUpstream({ instanceId, micro }, result.address)
      return result
    }
    return unavailable('The app is being updated')
  }
  publisher.onWake(wake)

  return {
    sync,
    sleepIdle: rest.sleepIdle,
    async load() {
      for (const instance of await listAllInstances(db))
        // One that cannot be published answers nothing; that must not keep the others from being there.
        await sync.load([{ op: 'instance.put', instance: entryOf(instance) }]).catch((error: unknown) => {
          deps.log.error('instance left out', { instance: instance.id }, error)
        })
    },
    async serve(id, started) {
      for (const [process, address] of started) addresses.set(process, address)
      await sync.refresh(id)
    },
    async stopProcesses(instance) {
      await Promise.all(servingIds(instance).map((process) => runner.stop(process)))
    },
  }
}

/** How to start a micro of the revision that serves; null when there is none of that name. */
async function specOf(deps: FeedDeps, id: InstanceId, name: string) {
  const { db, sealer, folders, hosts } = deps
  const instance = await getInstance(db, id)
  const micro = instance?.micros.filter(isProcess).find((one) => one.name === name)
  if (!instance || !micro) return null
  return microSpec(micro, {
    identity: await requireInstanceCredentials(db, sealer, id),
    identityKey: identityKeyOf(deps.identitySecret, id).toString('base64url'),
    buildId: instance.buildId,
    tag: instance.revisionTag,
    host: hosts.host(instance.alias),
    door: hosts.door,
    dir: folders.revision(instance.buildId),
    envValues: await listEnvValues(db, sealer, id),
  })
}

/** The reverse of `processId`; micros' names hold neither `/` nor `@`. */
function partsOf(id: string): { instanceId: string; micro: string; buildId: BuildId } {
  const [instanceId = '', micro = '', buildId = ''] = id.split(/[/@]/)
  return { instanceId, micro, buildId: buildId as BuildId }
}

const unavailable = (message: string): WakeResult => ({
  kind: 'failed',
  reason: 'unavailable',
  message,
  logTail: '',
})
