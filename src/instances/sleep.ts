import type { DirectoryPublisher } from '../directory/index.ts'
import type { DirectorySync } from '../directory-sync/index.ts'
import { type MicroRunner, type ProcessRef, processKey } from '../runner/index.ts'
import type { ProcessRegistry, RunningProcess } from './process-registry.ts'

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
  /** By `processKey`. */
  const undecided = new Map<string, Promise<void>>()

  const isUsed = async ({ instanceId, micro }: ProcessRef): Promise<boolean> => {
    const active = await publisher.activeMicros()
    return active === null || active.some((ref) => ref.instanceId === instanceId && ref.micro === micro)
  }

  const sleep = async ({ process, address }: RunningProcess): Promise<void> => {
    registry.deleteAddress(process)
    await sync.setUpstream(process, null)
    const isNeeded = await isUsed(process)
    // A process that was replaced during the survey is drained instead.
    if (registry.isServing(process) && !isNeeded) return runner.sleep(process)
    runner.touch(process)
    if (runner.status(process) !== 'running') return
    registry.setAddress(process, address)
    if (registry.isServing(process)) await sync.setUpstream(process, address)
  }

  return {
    async sleepIdle(idleAfterMs) {
      const active = await publisher.activeMicros()
      if (active === null) return
      for (const ref of active) {
        const process = registry.servingProcess(ref)
        if (process !== null) runner.touch(process)
      }
      for (const process of runner.listIdle(idleAfterMs)) {
        const key = processKey(process)
        const address = registry.addressOf(process)
        if (address === null || !registry.isServing(process) || undecided.has(key)) continue
        undecided.set(
          key,
          sleep({ process, address }).finally(() => undecided.delete(key)),
        )
      }
      await Promise.all(undecided.values())
    },
    whenAwakeOrAsleep: async (process) => undecided.get(processKey(process)),
  }
}
