import { type Instance, getInstance, listAllInstances } from './instances.ts'
import { DirectorySync } from '../directory-sync/index.ts'
import { listEnvValues } from './env-values.ts'
import { requireInstanceCredentials } from './credentials.ts'
import type { Database, Sealer, Folders } from '../storage/index.ts'
import {
  type DirectoryChange,
  type LogNote,
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
import { createDrains } from './drains.ts'
import type { MicroRunner } from './micro-runner.ts'
import { isProcess, microSpec, processIds } from './process-spec.ts'
import { createRuns, partsOf, processId } from './process-ids.ts'
import { writeNotes } from './micro-notes.ts'
import { type Rest, createSleeper } from './sleep.ts'
import type { InstancesTables } from './schema.ts'
import type { SessionsTables } from '../sessions/index.ts'

/** What of the directory's publisher is needed here. */
export interface Publisher {
  publish(changes: readonly DirectoryChange[]): Promise<void>
  onWake(handler: (instanceId: string, micro: string) => Promise<WakeResult>): void
  onAskCrash(handler: (instanceId: string, micro: string) => Promise<MicroCrash | null>): void
  activeMicros(): Promise<readonly MicroRef[] | null>
  untilDrained(address: UpstreamAddress, signal: AbortSignal): Promise<void>
  onUse(handler: (counts: readonly UseCount[]) => void): void
  onNote(handler: (note: LogNote) => void): void
  findRefusal(id: string): Promise<Refusal | null>
}

export interface FeedDeps {
  readonly db: Database<InstancesTables & SessionsTables>
  readonly sealer: Sealer
  readonly folders: Folders
  readonly hosts: AppHosts
  readonly runner: MicroRunner
  readonly publisher: Publisher
  /** See `identityKeyOf`. */
  readonly identitySecret: string
  /** See `DeployLimits`. */
  readonly drainMs: number
  readonly log: Logger
  readonly now: () => number
}

/** Keeps the directory equal to the database and to what runs. */
export interface DirectoryFeed extends Pick<Rest, 'sleepIdle'> {
  readonly sync: DirectorySync<InstancesTables & SessionsTables>
  /** Publishes every instance; called once, before gateways connect. */
  load(): Promise<void>
  /**
   * Runs `commit`, which makes a revision the one that serves, with its processes listening at `started` (by process
   * id). Processes whose settings were replaced while they started are drained.
   */
  serve(started: ReadonlyMap<string, UpstreamAddress>, commit: () => Promise<void>): Promise<void>
  /** Ends the processes of an instance that is gone; resolves when they have ended. */
  end(instance: Instance): Promise<void>
  /** Ends the processes of a revision that was replaced, when they have answered what they had begun. */
  drain(replaced: Instance): void
  /**
   * The instance is judged as the database says now, and its processes are replaced by others with the settings that the
   * database has: every gateway sends new requests to those when this resolves. The old ones are drained.
   */
  restart(id: InstanceId): Promise<void>
  /** What a process that is started for the instance belongs to, see `Runs`. */
  runOf(instanceId: string): number
  /** Resolves when no process of the revision is draining. */
  drained(build: BuildId): Promise<void>
  /** Gives up waiting for what is drained. */
  close(): void
}

/** A wake that meets an update begins again with the new revision; so many updates in a row are none. */
const WAKE_ATTEMPTS = 3

export function createDirectoryFeed(deps: FeedDeps): DirectoryFeed {
  const { db, runner, publisher } = deps
  const addresses = new Map<string, UpstreamAddress>()
  const runs = createRuns()
  /** What each instance serves. Changed in the same step as what is published about it. */
  const serving = new Map<string, { readonly buildId: BuildId; readonly run: number }>()
  const context = { hosts: deps.hosts, folders: deps.folders, addresses, runOf: runs.of }
  const entryOf = (instance: Instance) => {
    serving.set(instance.id, { buildId: instance.buildId, run: runs.of(instance.id) })
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
    const { instanceId, micro } = partsOf(id)
    if (servingProcess({ instanceId, micro }) === id) void sync.setUpstream({ instanceId, micro }, null)
  })

  const servingProcess = ({ instanceId, micro }: MicroRef): string | null => {
    const served = serving.get(instanceId)
    return served === undefined ? null : processId({ instanceId, micro, ...served })
  }

  const crashes = createRecentCrashes(runner, deps.now)
  publisher.onAskCrash(async (instanceId, micro) => {
    const process = servingProcess({ instanceId, micro })
    return process === null ? null : crashes.lastOf(process)
  })

  writeNotes({ ...deps, isServing: (instanceId) => serving.has(instanceId) })

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

  const drains = createDrains({ ...deps, addresses, settled: rest.settled })
  const drain = (replaced: Instance, run: number): void => {
    for (const process of processIds(replaced, run)) drains.begin(process, drainMsOf(replaced, process))
  }
  const drainMsOf = ({ micros }: Instance, process: string): number => {
    const { drainSeconds } = micros.find(({ name }) => name === partsOf(process).micro) ?? {}
    return drainSeconds == null ? deps.drainMs : drainSeconds * 1_000
  }

  const wake = async (instanceId: string, micro: string): Promise<WakeResult> => {
    for (let attempt = 0; attempt < WAKE_ATTEMPTS; attempt++) {
      const run = runs.of(instanceId)
      const spec = await specOf(deps, instanceId as InstanceId, micro, run)
      if (!spec) return unavailable('There is no such app any more')
      await rest.settled(spec.id)
      const result = await runner.ensureRunning(spec)
      const { buildId } = partsOf(spec.id)
      const instance = await getInstance(db, spec.instanceId as InstanceId)
      // An update or a deletion that came first has ended the old processes before this one was there to be ended.
      if (instance?.buildId !== buildId || runs.of(instanceId) !== run) {
        drains.begin(spec.id, instance === null ? 0 : deps.drainMs)
        continue
      }
      if (result.kind === 'failed') return result
      addresses.set(spec.id, result.address)
      // Otherwise the update that is about to be published brings the address along.
      if (servingProcess({ instanceId, micro }) === spec.id)
        await sync.setUpstream({ instanceId, micro }, result.address)
      return result
    }
    return unavailable('The app is being updated')
  }
  publisher.onWake(wake)

  /** What was started and is not served: its settings were replaced while it started. */
  const drainUnserved = (processes: Iterable<string>): void => {
    for (const process of processes)
      if (servingProcess(partsOf(process)) !== process) drains.begin(process, deps.drainMs)
  }

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
    async serve(started, commit) {
      for (const [process, address] of started) addresses.set(process, address)
      try {
        await commit()
      } catch (error) {
        for (const process of started.keys()) addresses.delete(process)
        throw error
      }
      drainUnserved(started.keys())
    },
    async end(instance) {
      const processes = processIds(instance, runs.of(instance.id))
      runs.forget(instance.id)
      await Promise.all([drains.cut(instance.id), ...processes.map((process) => runner.stop(process))])
    },
    drain: (replaced) => drain(replaced, runs.of(replaced.id)),
    async restart(id) {
      const instance = await getInstance(db, id)
      const run = runs.of(id)
      runs.renew(id)
      await sync.refresh(id)
      if (instance) drain(instance, run)
    },
    runOf: runs.of,
    drained: drains.ended,
    close: drains.close,
  }
}

/** How to start a micro of the revision that serves; null when there is none of that name. */
async function specOf(deps: FeedDeps, id: InstanceId, name: string, run: number) {
  const { db, sealer, folders, hosts } = deps
  const instance = await getInstance(db, id)
  const micro = instance?.micros.filter(isProcess).find((one) => one.name === name)
  if (!instance || !micro) return null
  return microSpec(micro, {
    identity: await requireInstanceCredentials(db, sealer, id),
    identityKey: identityKeyOf(deps.identitySecret, id).toString('base64url'),
    buildId: instance.buildId,
    run,
    tag: instance.revisionTag,
    host: hosts.host(instance.alias),
    door: hosts.door,
    dir: folders.revision(instance.buildId),
    envValues: await listEnvValues(db, sealer, id),
  })
}

const unavailable = (message: string): WakeResult => ({
  kind: 'failed',
  reason: 'unavailable',
  message,
  logTail: '',
})
