import type { MicroCrash } from '../directory/index.ts'
import type { MicroRunner } from './micro-runner.ts'

/** A crash is the answer to why a request failed for so long afterwards. */
const FRESH_MS = 5_000
/** The gateway may hear of a crash sooner than this process does. */
const PATIENCE_MS = 500

export interface Crashes {
  /** How a process crashed a moment ago, or does in a moment; null when it does not. */
  lastOf(process: string): Promise<MicroCrash | null>
}

interface Crash {
  readonly instanceId: string
  readonly micro: string
  readonly message: string
  readonly atMs: number
}

/** Remembers the last crash of each process, for its owner to be told. */
export function createRecentCrashes(runner: MicroRunner, now: () => number): Crashes {
  const crashes = new Map<string, Crash>()
  const waiting = new Map<string, Set<() => void>>()

  const fresh = (process: string): Crash | null => {
    const crash = crashes.get(process)
    return crash && now() - crash.atMs < FRESH_MS ? crash : null
  }

  runner.onExit(({ id, instanceId, micro, reason, message }) => {
    for (const process of crashes.keys()) if (!fresh(process)) crashes.delete(process)
    if (reason === 'crashed') crashes.set(id, { instanceId, micro, message, atMs: now() })
    for (const look of waiting.get(id) ?? []) look()
  })

  const nextExit = async (process: string): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const looks = waiting.get(process) ?? new Set()
    waiting.set(process, looks.add(resolve))
    const timer = setTimeout(resolve, PATIENCE_MS)
    await promise
    clearTimeout(timer)
    looks.delete(resolve)
    if (looks.size === 0) waiting.delete(process)
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
