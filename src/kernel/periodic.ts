export interface Rounds {
  /** Pause between the end of a round and the start of the next. */
  readonly pauseMs: number
  readonly run: () => Promise<void>
  /** Handles the error of a round; the next round runs anyway. */
  readonly onError: (error: unknown) => void
  /** Longest wait for a running round when the server stops. */
  readonly stopWithinMs?: number
}

/** Short enough for three kinds of rounds, one after the other, within the platform's time to stop. */
const STOP_WITHIN_MS = 3_000

/**
 * Repeats work until disposed. Disposing waits for a running round, so that the round finds the database open. The first
 * round starts after one pause.
 */
export function startPeriodic(rounds: Rounds): AsyncDisposable {
  const { pauseMs, run, onError, stopWithinMs = STOP_WITHIN_MS } = rounds
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
      const isEnded = await endsWithin(round, stopWithinMs)
      if (!isEnded)
        onError(new Error(`periodic work still runs ${stopWithinMs} ms after the server was stopped`))
    },
  }
}

function endsWithin(round: Promise<void>, limitMs: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(false), limitMs)
  void round.then(() => resolve(true))
  return promise.finally(() => clearTimeout(timer))
}
