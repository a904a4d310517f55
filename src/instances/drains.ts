import type { DirectoryPublisher, UpstreamAddress } from '../directory/index.ts'
import type { BuildId } from '../kernel/ids.ts'
import type { Logger } from '../kernel/log.ts'
import { partsOf } from './process-ids.ts'
import type { MicroRunner } from './micro-runner.ts'

export interface DrainsDeps {
  readonly runner: Pick<MicroRunner, 'stop' | 'onExit'>
  readonly publisher: Pick<DirectoryPublisher, 'untilDrained'>
  /** Where processes listen, by process id. */
  readonly addresses: ReadonlyMap<string, UpstreamAddress>
  /** Resolves when it is decided whether a process that is about to sleep does. */
  readonly settled: (process: string) => Promise<void>
  readonly log: Logger
}

export interface Drains {
  /**
   * Ends a process that gets no new requests: SIGTERM once nothing is under way to it, or after `withinMs`. Returns at
   * once. A process that is drained already keeps its first bound.
   */
  begin(process: string, withinMs: number): void
  /** Ends the draining processes of an instance now; resolves when they are gone. */
  cut(instanceId: string): Promise<void>
  /** Resolves when no process of a revision is draining: its files may be erased. */
  ended(buildId: BuildId): Promise<void>
  /** Gives up all waits: the server stops, and ends every process itself. */
  close(): void
}

interface Drain {
  readonly bound: AbortController
  readonly ended: Promise<void>
}

export function createDrains({ runner, publisher, addresses, settled, log }: DrainsDeps): Drains {
  const drains = new Map<string, Drain>()
  runner.onExit(({ id }) => drains.get(id)?.bound.abort())

  const drain = async (process: string, signal: AbortSignal): Promise<void> => {
    await settled(process)
    const address = addresses.get(process)
    if (address !== undefined) await publisher.untilDrained(address, signal)
    if (signal.aborted) log.info('process replaced with requests under way', { process })
    await runner.stop(process)
  }

  return {
    begin(process, withinMs) {
      if (drains.has(process)) return
      const bound = new AbortController()
      const timer = setTimeout(() => bound.abort(), withinMs)
      const ended = drain(process, bound.signal)
        .catch((error: unknown) => log.error('cannot end a replaced process', { process }, error))
        .finally(() => {
          clearTimeout(timer)
          drains.delete(process)
        })
      drains.set(process, { bound, ended })
    },
    async cut(instanceId) {
      const own = [...drains].filter(([process]) => partsOf(process).instanceId === instanceId)
      for (const [, { bound }] of own) bound.abort()
      await Promise.all(own.map(([, { ended }]) => ended))
    },
    async ended(buildId) {
      const own = [...drains].filter(([process]) => partsOf(process).buildId === buildId)
      await Promise.all(own.map(([, { ended }]) => ended))
    },
    close() {
      for (const { bound } of drains.values()) bound.abort()
    },
  }
}
