import type { DirectoryPublisher, MicroCrash } from '../directory/index.ts'
import { type MicroRunner, type ProcessRef, processKey } from '../runner/index.ts'
import type { ProcessRegistry } from './process-registry.ts'

/** How long a crash counts as the reason why a request failed. */
const FRESH_MS = 5_000
/** A gateway may notice a crash sooner than this process does. */
const PATIENCE_MS = 500

export interface RecentCrashes {
  /** How a process crashed just now, or is about to; null when it does not. */
  lastOf(process: ProcessRef): Promise<MicroCrash | null>
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
    return process === null ? null : crashes.lastOf(process)
  })
}

interface Crash {
  readonly message: string
  readonly atMs: number
}

/** Remembers the last crash of each process for a few seconds, for the error page that its owner sees. */
export function createRecentCrashes(
  runner: Pick<MicroRunner, 'onExit' | 'logTail'>,
  now: () => number,
): RecentCrashes {
  /** Both by `processKey`. */
  const crashes = new Map<string, Crash>()
  const waiting = new Map<string, Set<() => void>>()

  const fresh = (key: string): Crash | null => {
    const crash = crashes.get(key)
    return crash && now() - crash.atMs < FRESH_MS ? crash : null
  }

  runner.onExit(({ process, reason, message }) => {
    const key = processKey(process)
    for (const known of crashes.keys()) if (!fresh(known)) crashes.delete(known)
    if (reason === 'crashed') crashes.set(key, { message, atMs: now() })
    for (const notify of waiting.get(key) ?? []) notify()
  })

  const nextExit = async (key: string): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const waiters = waiting.get(key) ?? new Set()
    waiting.set(key, waiters.add(resolve))
    const timer = setTimeout(resolve, PATIENCE_MS)
    await promise
    clearTimeout(timer)
    waiters.delete(resolve)
    if (waiters.size === 0) waiting.delete(key)
  }

  return {
    async lastOf(process) {
      const key = processKey(process)
      if (!fresh(key)) await nextExit(key)
      const crash = fresh(key)
      if (!crash) return null
      return { message: crash.message, logTail: await runner.logTail(process.instanceId, process.micro) }
    },
  }
}
