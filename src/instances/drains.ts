import type { DirectoryPublisher } from '../directory/index.ts'
import type { BuildId } from '../kernel/ids.ts'
import type { Logger } from '../kernel/log.ts'
import { type MicroRunner, type ProcessRef, processKey } from '../runner/index.ts'
import type { ProcessRegistry } from './process-registry.ts'
import type { Sleeper } from './sleep.ts'

export interface DrainsDeps {
  readonly runner: Pick<MicroRunner, 'stop' | 'onExit'>
  readonly publisher: Pick<DirectoryPublisher, 'untilDrained'>
  readonly registry: Pick<ProcessRegistry, 'addressOf'>
  readonly sleeper: Pick<Sleeper, 'whenAwakeOrAsleep'>
  readonly log: Logger
}

export interface Drains extends Disposable {
  /**
   * Ends a process that gets no new requests: SIGTERM once nothing is under way to it, or after `withinMs`. Returns at
   * once. A process that is drained already keeps its first bound.
   */
  begin(process: ProcessRef, withinMs: number): void
  /** Ends the draining processes of an instance now; resolves when they are gone. */
  cut(instanceId: string): Promise<void>
  /** Resolves when no process of a revision is draining: its files may be erased. */
  ended(buildId: BuildId): Promise<void>
}

interface Drain {
  readonly process: ProcessRef
  readonly bound: AbortController
  readonly ended: Promise<void>
}

/** Drains replaced processes. Disposing ends all waits: a server that stops ends every process itself. */
export function createDrains({ runner, publisher, registry, sleeper, log }: DrainsDeps): Drains {
  /** By `processKey`. */
  const drains = new Map<string, Drain>()
  runner.onExit(({ process }) => drains.get(processKey(process))?.bound.abort())

  const drain = async (process: ProcessRef, signal: AbortSignal): Promise<void> => {
    await sleeper.whenAwakeOrAsleep(process)
    const address = registry.addressOf(process)
    if (address !== null) await publisher.untilDrained(address, signal)
    if (signal.aborted) log.info('process replaced with requests under way', { process: processKey(process) })
    await runner.stop(process)
  }

  const drainsWhere = (isMeant: (process: ProcessRef) => boolean): Drain[] =>
    [...drains.values()].filter(({ process }) => isMeant(process))

  return {
    begin(process, withinMs) {
      const key = processKey(process)
      if (drains.has(key)) return
      const bound = new AbortController()
      const timer = setTimeout(() => bound.abort(), withinMs)
      const ended = drain(process, bound.signal)
        .catch((error: unknown) => log.error('cannot end a replaced process', { process: key }, error))
        .finally(() => {
          clearTimeout(timer)
          drains.delete(key)
        })
      drains.set(key, { process, bound, ended })
    },
    async cut(instanceId) {
      const own = drainsWhere((process) => process.instanceId === instanceId)
      for (const { bound } of own) bound.abort()
      await Promise.all(own.map(({ ended }) => ended))
    },
    async ended(buildId) {
      await Promise.all(drainsWhere((process) => process.buildId === buildId).map(({ ended }) => ended))
    },
    [Symbol.dispose]() {
      for (const { bound } of drains.values()) bound.abort()
    },
  }
}
