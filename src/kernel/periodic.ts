export interface Rounds {
  /** Of one round after the other; the next begins so long after the last has ended. */
  readonly pauseMs: number
  readonly run: () => Promise<void>
  /** Of one round; the next comes all the same. */
  readonly onError: (error: unknown) => void
  /** Longest wait for the round under way when the server stops. */
  readonly stopWithinMs?: number
}

/** Three kinds of rounds, one after the other, within the time that the platform has to stop. */
const STOP_WITHIN_MS = 3_000

/**
 * Repeats work until disposed, which waits for the round under way, so that it finds the database open. The first round
 * comes after one pause.
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
      if (!isEnded) onError(new Error(`still under way ${stopWithinMs} ms after the server was stopped`))
    },
  }
}

function endsWithin(round: Promise<void>, limitMs: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(false), limitMs)
  void round.then(() => resolve(true))
  return promise.finally(() => clearTimeout(timer))
}
