import type { DirectoryPublisher } from '../directory/index.ts'
import type { DirectorySync } from '../directory-sync/index.ts'
import type { BuildId, InstanceId } from '../kernel/ids.ts'
import type { Logger } from '../kernel/log.ts'
import { type Drains, createDrains } from './drains.ts'
import { type Instance, getInstance } from './instances.ts'
import { writeMicroNotes } from './micro-notes.ts'
import type { MicroRunner, ProcessRef } from '../runner/index.ts'
import type { ProcessRegistry, RunningProcess } from './process-registry.ts'
import { processesOf } from './process-spec.ts'
import { answerCrashQueries, createRecentCrashes } from './recent-crashes.ts'
import { type Sleeper, createSleeper } from './sleep.ts'
import { type SpecSource, answerWakes } from './wake.ts'

export interface InstanceProcessesDeps extends SpecSource {
  readonly runner: MicroRunner
  readonly publisher: Pick<
    DirectoryPublisher,
    'onWake' | 'onAskCrash' | 'onNote' | 'activeMicros' | 'untilDrained'
  >
  readonly sync: Pick<DirectorySync<unknown>, 'setUpstream' | 'refresh'>
  readonly registry: ProcessRegistry
  /** For processes whose Spacefile names no time of its own. */
  readonly drainMs: number
  readonly log: Logger
  readonly now: () => number
}

/** The processes of all instances: what starts, replaces, drains and ends them. Disposing ends the waits of drains. */
export class InstanceProcesses implements Disposable {
  readonly #deps: InstanceProcessesDeps
  readonly #sleeper: Sleeper
  readonly #drains: Drains

  constructor(deps: InstanceProcessesDeps) {
    this.#deps = deps
    this.#sleeper = createSleeper(deps)
    this.#drains = createDrains({ ...deps, sleeper: this.#sleeper })
    this.#forgetEnded()
    answerWakes({ ...deps, sleeper: this.#sleeper, drains: this.#drains })
    answerCrashQueries({ ...deps, crashes: createRecentCrashes(deps.runner, deps.now) })
    writeMicroNotes(deps)
  }

  /** See `ProcessRegistry.runOf`. */
  runOf(instanceId: string): number {
    return this.#deps.registry.runOf(instanceId)
  }

  /** See `Sleeper.sleepIdle`. */
  sleepIdle(idleAfterMs: number): Promise<void> {
    return this.#sleeper.sleepIdle(idleAfterMs)
  }

  /**
   * Runs `commit`, which makes a revision the one that serves, with `started` as its processes. Processes whose settings were replaced while they started are drained.
   */
  async serve(started: readonly RunningProcess[], commit: () => Promise<void>): Promise<void> {
    const { registry, drainMs } = this.#deps
    for (const { process, address } of started) registry.setAddress(process, address)
    try {
      await commit()
    } catch (error) {
      for (const { process } of started) registry.deleteAddress(process)
      throw error
    }
    for (const { process } of started) if (!registry.isServing(process)) this.#drains.begin(process, drainMs)
  }

  /** Ends the processes of an instance that was deleted; resolves when they have ended. */
  async end(instance: Instance): Promise<void> {
    const { registry, runner } = this.#deps
    const processes = processesOf(instance, this.runOf(instance.id))
    registry.forgetRuns(instance.id)
    await Promise.all([this.#drains.cut(instance.id), ...processes.map((process) => runner.stop(process))])
  }

  /** Ends the processes of a revision that was replaced, once they have answered the requests under way. */
  drain(replaced: Instance): void {
    this.#drainRun(replaced, this.runOf(replaced.id))
  }

  /**
   * Publishes the instance as its rows are now, and replaces its processes by others with the settings of those rows.
   * When this resolves, every gateway sends new requests to those. The old processes are drained.
   */
  async restart(id: InstanceId): Promise<void> {
    const { db, registry, sync } = this.#deps
    const instance = await getInstance(db, id)
    const run = this.runOf(id)
    registry.beginRun(id)
    await sync.refresh(id)
    if (instance) this.#drainRun(instance, run)
  }

  /** Resolves when no process of the revision is draining. */
  drained(buildId: BuildId): Promise<void> {
    return this.#drains.ended(buildId)
  }

  [Symbol.dispose](): void {
    this.#drains[Symbol.dispose]()
  }

  #drainRun(instance: Instance, run: number): void {
    for (const process of processesOf(instance, run))
      this.#drains.begin(process, this.#drainMsOf(instance, process))
  }

  #drainMsOf({ micros }: Instance, { micro }: ProcessRef): number {
    const { drainSeconds } = micros.find(({ name }) => name === micro) ?? {}
    return drainSeconds == null ? this.#deps.drainMs : drainSeconds * 1_000
  }

  /** Gateways stop sending requests to a process that has ended, and ask for a wake instead. */
  #forgetEnded(): void {
    const { runner, registry, sync } = this.#deps
    runner.onExit(({ process }) => {
      if (registry.deleteAddress(process) && registry.isServing(process)) void sync.setUpstream(process, null)
    })
  }
}
