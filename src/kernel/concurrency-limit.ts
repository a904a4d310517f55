import { tooMany } from './attempt-limiter.ts'

/** Limits the number of tasks that run at the same time. */
export interface ConcurrencyLimit {
  /**
   * Throws `rate_limited` when all places are taken: a queue could be filled without limit by strangers. `known` work may
   * also use the reserved places.
   */
  run<T>(whose: 'known' | 'stranger', work: () => Promise<T>): Promise<T>
}

/** Strangers never use the `reserved` ones of all `places`. */
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
