import type { DirectoryPublisher, MicroRef, UpstreamAddress } from '../directory/index.ts'
import type { DirectorySync } from '../directory-sync/index.ts'
import type { MicroRunner } from './micro-runner.ts'

export interface SleeperDeps {
  readonly runner: MicroRunner
  readonly publisher: Pick<DirectoryPublisher, 'activeMicros'>
  readonly sync: Pick<DirectorySync<unknown>, 'setUpstream'>
  /** Where processes listen, by process id; what rests is taken out. */
  readonly addresses: Map<string, UpstreamAddress>
  /** The process that serves a micro now, or null. */
  readonly servingProcess: (ref: MicroRef) => string | null
  readonly refOf: (process: string) => MicroRef
}

export interface Rest {
  /** Puts to sleep what nobody has used for so long. Nothing while not every gateway can say what it uses. */
  sleepIdle(idleAfterMs: number): Promise<void>
  /** Resolves when it is known whether a process that is about to sleep does. Until then nobody may be sent to it. */
  settled(process: string): Promise<void>
}

/**
 * Sleep without losing a request. Gateways are told first, so that the next request asks for a wake; then they say
 * whether an earlier one is still under way; only then the process ends. A wake waits for that.
 */
export function createSleeper({
  runner,
  publisher,
  sync,
  addresses,
  servingProcess,
  refOf,
}: SleeperDeps): Rest {
  const resting = new Map<string, Promise<void>>()
  const isServing = (process: string) => servingProcess(refOf(process)) === process
  const tell = (process: string, address: UpstreamAddress | null) => sync.setUpstream(refOf(process), address)

  const isUsed = async (process: string): Promise<boolean> => {
    const active = await publisher.activeMicros()
    return active === null || active.some((ref) => servingProcess(ref) === process)
  }

  const rest = async (process: string, address: UpstreamAddress): Promise<void> => {
    addresses.delete(process)
    await tell(process, null)
    const isNeeded = await isUsed(process)
    // A process that was replaced during the survey is drained instead.
    if (isServing(process) && !isNeeded) return runner.sleep(process)
    runner.touch(process)
    if (runner.status(process) !== 'running') return
    addresses.set(process, address)
    if (isServing(process)) await tell(process, address)
  }

  return {
    async sleepIdle(idleAfterMs) {
      const active = await publisher.activeMicros()
      if (active === null) return
      for (const process of active.map(servingProcess)) if (process !== null) runner.touch(process)
      for (const process of runner.listIdle(idleAfterMs).filter(isServing)) {
        const address = addresses.get(process)
        if (address === undefined || resting.has(process)) continue
        resting.set(
          process,
          rest(process, address).finally(() => resting.delete(process)),
        )
      }
      await Promise.all(resting.values())
    },
    settled: async (process) => resting.get(process),
  }
}
