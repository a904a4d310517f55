import type { DirectoryPublisher, UpstreamAddress } from '../directory/index.ts'
import type { DirectorySync } from '../directory-sync/index.ts'
import type { MicroRunner } from './micro-runner.ts'
import { partsOf } from './process-ids.ts'
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
  whenAwakeOrAsleep(process: string): Promise<void>
}

/**
 * Sleep without losing a request: first every gateway forgets the address, so that the next request asks for a wake;
 * then each gateway says whether an earlier request is still under way; only then the process ends. A wake waits for that.
 */
export function createSleeper({ runner, publisher, sync, registry }: SleeperDeps): Sleeper {
  const undecided = new Map<string, Promise<void>>()
  const publish = (process: string, address: UpstreamAddress | null) =>
    sync.setUpstream(partsOf(process), address)

  const isUsed = async (process: string): Promise<boolean> => {
    const active = await publisher.activeMicros()
    return active === null || active.some((ref) => registry.servingProcess(ref) === process)
  }

  const sleep = async (process: string, address: UpstreamAddress): Promise<void> => {
    registry.deleteAddress(process)
    await publish(process, null)
    const isNeeded = await isUsed(process)
    // A process that was replaced during the survey is drained instead.
    if (registry.isServing(process) && !isNeeded) return runner.sleep(process)
    runner.touch(process)
    if (runner.status(process) !== 'running') return
    registry.setAddress(process, address)
    if (registry.isServing(process)) await publish(process, address)
  }

  return {
    async sleepIdle(idleAfterMs) {
      const active = await publisher.activeMicros()
      if (active === null) return
      for (const ref of active) {
        const process = registry.servingProcess(ref)
        if (process !== null) runner.touch(process)
      }
      for (const process of runner.listIdle(idleAfterMs).filter((id) => registry.isServing(id))) {
        const address = registry.addressOf(process)
        if (address === null || undecided.has(process)) continue
        const sleeping = sleep(process, address).finally(() => undecided.delete(process))
        undecided.set(process, sleeping)
      }
      await Promise.all(undecided.values())
    },
    whenAwakeOrAsleep: async (process) => undecided.get(process),
  }
}
