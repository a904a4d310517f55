import { tooMany } from './attempt-limiter.ts'

/** Bounds how many pieces of work run at the same time. */
export interface ConcurrencyLimit {
  /**
   * Throws `rate_limited` when there is no place, rather than build a queue that a stranger can make endless. `known`
   * work may also take the reserved places.
   */
  run<T>(whose: 'known' | 'stranger', work: () => Promise<T>): Promise<T>
}

/** Strangers never take the `reserved` of all `places`, however many strangers there are. */
export function createConcurrencyLimit({
  places,
  reserved,
}: {
  places: number
  reserved: number
}): ConcurrencyLimit {
  let running = 0
  return {
    run: async (whose, work) => {
      if (running >= (whose === 'known' ? places : places - reserved)) throw tooMany(1)
      running += 1
      try {
        return await work()
      } finally {
        running -= 1
      }
    },
  }
}
