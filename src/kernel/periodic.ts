export interface Rounds {
  /** Of one round after the other; the next begins so long after the last has ended. */
  readonly pauseMs: number
  readonly run: () => Promise<void>
  /** Of one round; the next comes all the same. */
  readonly onError: (error: unknown) => void
}

/** Does something again and again until disposed, which waits for the round under way. The first is after one pause. */
export function startPeriodic({ pauseMs, run, onError }: Rounds): AsyncDisposable {
  let timer: Timer | null = null
  let round = Promise.resolve()
  let isOver = false
  const wait = () => (timer = isOver ? null : setTimeout(begin, pauseMs))
  const begin = () => {
    round = run()
      .catch(onError)
      .then(() => void wait())
  }
  wait()
  return {
    async [Symbol.asyncDispose]() {
      isOver = true
      if (timer) clearTimeout(timer)
      await round
    },
  }
}
