import { type DirectoryPublisher, type WakeResult, identityKeyOf } from '../directory/index.ts'
import type { DirectorySync } from '../directory-sync/index.ts'
import type { InstanceId } from '../kernel/ids.ts'
import type { AppsTables } from '../projects/index.ts'
import type { Database, Folders, Sealer } from '../storage/index.ts'
import type { AppHosts } from './app-hosts.ts'
import { requireInstanceCredentials } from './credentials.ts'
import type { Drains } from './drains.ts'
import { listEnvValues } from './env-values.ts'
import { getInstance } from './instances.ts'
import type { MicroRunner } from '../runner/index.ts'
import type { ProcessRegistry } from './process-registry.ts'
import { isProcess, microSpec } from './process-spec.ts'
import type { Sleeper } from './sleep.ts'

/** How to start a process of the revision that an instance serves. */
export interface SpecSource {
  readonly db: Database<AppsTables>
  readonly sealer: Sealer
  readonly folders: Folders
  readonly hosts: AppHosts
  /** See `identityKeyOf`. */
  readonly identitySecret: string
}

export interface WakeDeps extends SpecSource {
  readonly runner: Pick<MicroRunner, 'ensureRunning'>
  readonly publisher: Pick<DirectoryPublisher, 'onWake'>
  readonly sync: Pick<DirectorySync<unknown>, 'setUpstream'>
  readonly registry: ProcessRegistry
  readonly sleeper: Pick<Sleeper, 'whenAwakeOrAsleep'>
  readonly drains: Pick<Drains, 'begin'>
  /** For a process that an update replaced while it started. */
  readonly drainMs: number
}

/** A wake that meets an update is tried again with the new revision, this often. */
const ATTEMPTS = 3

/** Starts the process of a micro when a gateway asks for it. */
export function answerWakes(deps: WakeDeps): void {
  deps.publisher.onWake(async (instanceId, micro) => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const result = await tryWake(deps, instanceId as InstanceId, micro)
      if (result !== null) return result
    }
    return unavailable('The app is being updated')
  })
}

/** Null: the revision or its settings were replaced while the process started. */
async function tryWake(deps: WakeDeps, instanceId: InstanceId, micro: string): Promise<WakeResult | null> {
  const { db, runner, registry, sync } = deps
  const run = registry.runOf(instanceId)
  const spec = await specOf(deps, instanceId, micro, run)
  if (!spec) return unavailable('This app does not exist any more')
  const { process } = spec
  await deps.sleeper.whenAwakeOrAsleep(process)
  const result = await runner.ensureRunning(spec)
  const instance = await getInstance(db, instanceId)
  // The update or the deletion has ended the old processes before this one was running, so nothing else ends it.
  if (instance?.buildId !== process.buildId || registry.runOf(instanceId) !== run) {
    deps.drains.begin(process, instance === null ? 0 : deps.drainMs)
    return null
  }
  if (result.kind === 'failed') return result
  registry.setAddress(process, result.address)
  // Otherwise the update that is about to be published contains the address.
  if (registry.isServing(process)) await sync.setUpstream(process, result.address)
  return result
}

/** Null when the instance has no such micro, or the micro is not a process. */
async function specOf(source: SpecSource, id: InstanceId, name: string, run: number) {
  const { db, sealer, folders, hosts, identitySecret } = source
  const instance = await getInstance(db, id)
  const micro = instance?.micros.filter(isProcess).find((one) => one.name === name)
  if (!instance || !micro) return null
  return microSpec(micro, {
    credentials: await requireInstanceCredentials(db, sealer, id),
    identityKey: identityKeyOf(identitySecret, id).toString('base64url'),
    buildId: instance.buildId,
    run,
    tag: instance.revisionTag,
    host: hosts.host(instance.alias),
    hairpin: hosts.hairpin,
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
