import type { DirectoryPublisher, MicroCrash } from '../directory/index.ts'
import type { MicroRunner } from './micro-runner.ts'
import { processId } from './process-ref.ts'
import type { ProcessRegistry } from './process-registry.ts'

/** How long a crash counts as the reason why a request failed. */
const FRESH_MS = 5_000
/** A gateway may notice a crash sooner than this process does. */
const PATIENCE_MS = 500

export interface RecentCrashes {
  /** How a process (by id) crashed just now, or is about to; null when it does not. */
  lastOf(process: string): Promise<MicroCrash | null>
}

export interface CrashAnswerDeps {
  readonly publisher: Pick<DirectoryPublisher, 'onAskCrash'>
  readonly registry: Pick<ProcessRegistry, 'servingProcess'>
  readonly crashes: RecentCrashes
}

/** Tells gateways how the process that serves a micro crashed. */
export function answerCrashQueries({ publisher, registry, crashes }: CrashAnswerDeps): void {
  publisher.onAskCrash(async (instanceId, micro) => {
    const process = registry.servingProcess({ instanceId, micro })
    return process === null ? null : crashes.lastOf(processId(process))
  })
}

interface Crash {
  readonly instanceId: string
  readonly micro: string
  readonly message: string
  readonly atMs: number
}

/** Remembers the last crash of each process for a few seconds, for the error page that its owner sees. */
export function createRecentCrashes(
  runner: Pick<MicroRunner, 'onExit' | 'logTail'>,
  now: () => number,
): RecentCrashes {
  const crashes = new Map<string, Crash>()
  const waiting = new Map<string, Set<() => void>>()

  const fresh = (process: string): Crash | null => {
    const crash = crashes.get(process)
    return crash && now() - crash.atMs < FRESH_MS ? crash : null
  }

  runner.onExit(({ id, instanceId, micro, reason, message }) => {
    for (const process of crashes.keys()) if (!fresh(process)) crashes.delete(process)
    if (reason === 'crashed') crashes.set(id, { instanceId, micro, message, atMs: now() })
    for (const notify of waiting.get(id) ?? []) notify()
  })

  const nextExit = async (process: string): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const waiters = waiting.get(process) ?? new Set()
    waiting.set(process, waiters.add(resolve))
    const timer = setTimeout(resolve, PATIENCE_MS)
    await promise
    clearTimeout(timer)
    waiters.delete(resolve)
    if (waiters.size === 0) waiting.delete(process)
  }

  return {
    async lastOf(process) {
      if (!fresh(process)) await nextExit(process)
      const crash = fresh(process)
      if (!crash) return null
      return { message: crash.message, logTail: await runner.logTail(crash.instanceId, crash.micro) }
    },
  }
}
