import type { AccountsTables } from '../people/index.ts'
import { listAppSessions } from '../sessions/index.ts'
import type { AppsTables } from '../projects/index.ts'
import { type Instance, getInstance, listAllInstances } from './instances.ts'
import { listAllApiKeys } from '../keys/index.ts'
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
import { instanceEntry, keyEntry, sessionEntry } from './directory-entries.ts'
import type { AppHosts } from './app-hosts.ts'
import { createRecentCrashes } from './recent-crashes.ts'
import { createKeyedQueue } from '../kernel/keyed-queue.ts'
import type { MicroRunner } from './micro-runner.ts'
import { writeNotes } from './micro-notes.ts'
import { isProcess, microSpec, processId, servingIds } from './process-spec.ts'
import { type Rest, createSleeper } from './sleep.ts'

/** What of the directory's publisher is needed here. */
export interface Publisher {
  publish(changes: readonly DirectoryChange[]): Promise<void>
  onWake(handler: (instanceId: string, micro: string) => Promise<WakeResult>): void
  onAskCrash(handler: (instanceId: string, micro: string) => Promise<MicroCrash | null>): void
  activeMicros(): Promise<readonly MicroRef[] | null>
  onUse(handler: (counts: readonly UseCount[]) => void): void
  onNote(handler: (note: LogNote) => void): void
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
  /** Publishes everything there is; called once, before gateways connect. */
  load(): Promise<void>
  /** The instance serves the revision that the database says, its processes at `addresses` (by process id). */
  serve(id: InstanceId, addresses: ReadonlyMap<string, UpstreamAddress>): Promise<void>
  /** The instance is judged as the database says now: every gateway does so when this resolves. */
  refresh(id: InstanceId): Promise<void>
  /** The instance is gone: no gateway knows it any more when this resolves. */
  remove(instance: Instance, ended: EndedCredentials): Promise<void>
  /** Ends the processes of one revision of an instance. */
  stopProcesses(instance: Instance): Promise<void>
}

/** What was good for an instance that is gone. */
export interface EndedCredentials {
  readonly keys: readonly string[]
  readonly sessions: readonly string[]
}

/** A wake that meets an update begins again with the new revision; so many updates in a row are none. */
const WAKE_ATTEMPTS = 3

export function createDirectoryFeed(deps: FeedDeps): DirectoryFeed {
  const { db, runner, publisher } = deps
  const addresses = new Map<string, UpstreamAddress>()
  /** Which revision each instance serves. Changed in the same step as what is published about it. */
  const serving = new Map<string, BuildId>()
  const context = { hosts: deps.hosts, folders: deps.folders, addresses }
  /** Read and published one after the other, or an older state of an instance could be published last. */
  const inOrder = createKeyedQueue({ atOnce: Infinity, waiting: Infinity })

  const put = (instance: Instance): DirectoryChange => {
    serving.set(instance.id, instance.buildId)
    return { op: 'instance.put', instance: instanceEntry(instance, context) }
  }

  runner.onExit(({ id }) => {
    if (!addresses.delete(id)) return
    const { instanceId, micro, buildId } = partsOf(id)
    if (serving.get(instanceId) !== buildId) return
    void publisher.publish([{ op: 'upstream.set', instanceId, micro, address: null }])
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

  writeNotes({ ...deps, isServing: (instanceId) => serving.has(instanceId) })

  const rest = createSleeper({
    runner,
    publisher,
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
      if (serving.get(instanceId) === buildId)
        await publisher.publish([{ op: 'upstream.set', instanceId, micro, address: result.address }])
      return result
    }
    return unavailable('The app is being updated')
  }
  publisher.onWake(wake)

  const refresh = (id: InstanceId): Promise<void> =>
    inOrder.run(id, async () => {
      const instance = await getInstance(db, id)
      if (instance) await publisher.publish([put(instance)])
    })

  return {
    sleepIdle: rest.sleepIdle,
    async load() {
      const sessions = await listAppSessions(db, deps.now())
      for (const instance of await listAllInstances(db))
        // One that cannot be published answers nothing; that must not keep the others from being there.
        await publisher.publish([put(instance)]).catch((error: unknown) => {
          deps.log.error('instance left out', { instance: instance.id }, error)
        })
      await publisher.publish([
        ...(await listAllApiKeys(db)).map((key) => ({ op: 'key.put', key: keyEntry(key) }) as const),
        ...sessions.map((session) => ({ op: 'session.put', session: sessionEntry(session) }) as const),
      ])
    },
    async serve(id, started) {
      for (const [process, address] of started) addresses.set(process, address)
      await refresh(id)
    },
    refresh,
    async remove(instance, { keys, sessions }) {
      await inOrder.run(instance.id, async () => {
        serving.delete(instance.id)
        await publisher.publish([
          { op: 'instance.delete', id: instance.id },
          ...keys.map((id) => ({ op: 'key.delete', id }) as const),
          ...sessions.map((id) => ({ op: 'session.delete', id }) as const),
        ])
      })
      await Promise.all(servingIds(instance).map((process) => runner.stop(process)))
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
