import { HttpError } from './http-error.ts'

export interface Lanes {
  /** Throws 429 if too many tasks of `key` are waiting. */
  assertCapacity(key: string): void
  /** Runs `task` after all earlier tasks of `key`. */
  run(key: string, task: () => Promise<void>): Promise<void>
  /** Whether a task of `key` runs or waits. */
  isBusy(key: string): boolean
  /** Resolves when no task runs or waits. */
  idle(): Promise<void>
}

export interface KeyedQueueLimits {
  /** Tasks that run at the same time over all keys: builds are heavy, and a machine may have two cores. */
  readonly atOnce: number
  /** Tasks of one key that may wait for the running one. */
  readonly waiting: number
}

/** Runs one task at a time per key, in the order of arrival. */
export function createKeyedQueue({ atOnce, waiting }: KeyedQueueLimits): Lanes {
  const tails = new Map<string, Promise<void>>()
  const depths = new Map<string, number>()
  const gate = createGate(atOnce)

  return {
    assertCapacity(key) {
      const depth = depths.get(key) ?? 0
      if (depth > waiting)
        throw new HttpError(
          429,
          'rate_limited',
          `${depth} pushes of this app are in progress already. Wait for one to finish, then push again`,
        )
    },
    run(key, task) {
      depths.set(key, (depths.get(key) ?? 0) + 1)
      const run = (tails.get(key) ?? Promise.resolve()).then(() => gate(task))
      // The next task waits for this one, also if it fails.
      const tail = run.then(noop, noop).then(() => {
        const left = depths.get(key)! - 1
        if (left > 0) return void depths.set(key, left)
        depths.delete(key)
        tails.delete(key)
      })
      tails.set(key, tail)
      return run
    },
    isBusy: (key) => depths.has(key),
    async idle() {
      while (tails.size > 0) await Promise.all(tails.values())
    },
  }
}

const noop = () => {}

/** A semaphore: `atOnce` tasks run, the others wait in the order of arrival. */
function createGate(atOnce: number): (task: () => Promise<void>) => Promise<void> {
  let free = atOnce
  const queue: (() => void)[] = []
  return async (task) => {
    if (free > 0) free -= 1
    else await new Promise<void>((enter) => queue.push(enter))
    try {
      await task()
    } finally {
      const next = queue.shift()
      if (next) next()
      else free += 1
    }
  }
}
