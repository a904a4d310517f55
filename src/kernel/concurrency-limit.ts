import { tooMany } from './attempt-limiter.ts'

/** Lets so many pieces of work run side by side and no more. */
export interface ConcurrencyLimit {
  /** Throws `rate_limited` when it is full, rather than build a queue that a stranger can make endless. */
  run<T>(work: () => Promise<T>): Promise<T>
}

export function createConcurrencyLimit(capacity: number): ConcurrencyLimit {
  let running = 0
  return {
    run: async (work) => {
      if (running >= capacity) throw tooMany(1)
      running += 1
      try {
        return await work()
      } finally {
        running -= 1
      }
    },
  }
}
