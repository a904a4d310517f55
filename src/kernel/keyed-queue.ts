/** Tasks in the order they came, one at a time for each key. */
export interface KeyedQueue {
  /** How many tasks of `key` run or wait. */
  depth(key: string): number
  /** Whether as many tasks of `key` wait as may. */
  isFull(key: string): boolean
  /** Runs `task` after all earlier ones of `key`, also when the queue is full. */
  run(key: string, task: () => Promise<void>): Promise<void>
  /** Whether a task of `key` runs or waits. */
  isBusy(key: string): boolean
  /** Whether `atOnce` tasks run: a new one waits, whatever its key. */
  isSaturated(): boolean
  /** Resolves once no task runs or waits. */
  idle(): Promise<void>
}

export interface KeyedQueueLimits {
  /** Tasks that run at the same time over all keys: builds are heavy, and a machine may have two cores. */
  readonly atOnce: number
  /** Tasks of one key that may wait for the running one. */
  readonly waiting: number
}

/** @example await queue.run(app.id, () => push(app)) */
export function createKeyedQueue({ atOnce, waiting }: KeyedQueueLimits): KeyedQueue {
  const tails = new Map<string, Promise<void>>()
  const depths = new Map<string, number>()
  const semaphore = createSemaphore(atOnce)
  const depth = (key: string) => depths.get(key) ?? 0

  return {
    depth,
    isFull: (key) => depth(key) > waiting,
    run(key, task) {
      depths.set(key, depth(key) + 1)
      const run = (tails.get(key) ?? Promise.resolve()).then(() => semaphore.run(task))
      // The next task of the key waits for this one, however it ends.
      const tail = run.then(noop, noop).then(() => {
        const left = depth(key) - 1
        if (left > 0) return void depths.set(key, left)
        depths.delete(key)
        tails.delete(key)
      })
      tails.set(key, tail)
      return run
    },
    isBusy: (key) => depths.has(key),
    isSaturated: () => semaphore.isFull(),
    async idle() {
      while (tails.size > 0) await Promise.all(tails.values())
    },
  }
}

const noop = () => {}

interface Semaphore {
  run(task: () => Promise<void>): Promise<void>
  isFull(): boolean
}

/** Runs `atOnce` tasks at the same time; the others wait in the order they came. */
function createSemaphore(atOnce: number): Semaphore {
  let free = atOnce
  const queue: (() => void)[] = []
  return {
    isFull: () => free === 0,
    async run(task) {
      if (free > 0) free -= 1
      else await new Promise<void>((enter) => queue.push(enter))
      try {
        await task()
      } finally {
        const next = queue.shift()
        if (next) next()
        else free += 1
      }
    },
  }
}
