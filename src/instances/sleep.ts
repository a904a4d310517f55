import type { DirectoryPublisher } from '../directory/index.ts'
import type { DirectorySync } from '../directory-sync/index.ts'
import type { MicroRunner } from './micro-runner.ts'
import { type ProcessRef, type RunningProcess, processId } from './process-ref.ts'
import type { ProcessRegistry } from './process-registry.ts'

export interface SleeperDeps {
  readonly runner: Pick<MicroRunner, 'sleep' | 'touch' | 'status' | 'listIdle'>
  readonly publisher: Pick<DirectoryPublisher, 'activeMicros'>
  readonly sync: Pick<DirectorySync<unknown>, 'setUpstream'>
  readonly registry: ProcessRegistry
}

export interface Sleeper {
  /** Puts to sleep the micros that have been idle for this long. None while a gateway cannot say which micros it uses. */
  sleepIdle(idleAfterMs: number): Promise<void>
  /** Resolves when it is decided whether a process that is about to sleep does. Until then it gets no new request. */
  whenAwakeOrAsleep(process: ProcessRef): Promise<void>
}

/**
 * Sleep without losing a request: first every gateway forgets the address, so that the next request asks for a wake;
 * then each gateway says whether an earlier request is still under way; only then the process ends. A wake waits for that.
 */
export function createSleeper({ runner, publisher, sync, registry }: SleeperDeps): Sleeper {
  /** By process id. */
  const undecided = new Map<string, Promise<void>>()

  const isUsed = async ({ instanceId, micro }: ProcessRef): Promise<boolean> => {
    const active = await publisher.activeMicros()
    return active === null || active.some((ref) => ref.instanceId === instanceId && ref.micro === micro)
  }

  const sleep = async ({ process, address }: RunningProcess): Promise<void> => {
    const id = processId(process)
    registry.deleteAddress(process)
    await sync.setUpstream(process, null)
    const isNeeded = await isUsed(process)
    // A process that was replaced during the survey is drained instead.
    if (registry.isServing(process) && !isNeeded) return runner.sleep(id)
    runner.touch(id)
    if (runner.status(id) !== 'running') return
    registry.setAddress(process, address)
    if (registry.isServing(process)) await sync.setUpstream(process, address)
  }

  return {
    async sleepIdle(idleAfterMs) {
      const active = await publisher.activeMicros()
      if (active === null) return
      for (const ref of active) {
        const process = registry.servingProcess(ref)
        if (process !== null) runner.touch(processId(process))
      }
      for (const id of runner.listIdle(idleAfterMs)) {
        const running = registry.getRunning(id)
        if (running === null || !registry.isServing(running.process) || undecided.has(id)) continue
        undecided.set(
          id,
          sleep(running).finally(() => undecided.delete(id)),
        )
      }
      await Promise.all(undecided.values())
    },
    whenAwakeOrAsleep: async (process) => undecided.get(processId(process)),
  }
}
