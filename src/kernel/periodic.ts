export interface PeriodicWork {
  /** Between the end of one run and the start of the next, and before the first. */
  readonly pauseMs: number
  readonly run: () => Promise<void>
  /** Called with the error of a run that fails; the next run takes place regardless. */
  readonly onError: (error: unknown) => void
  /** Longest wait for the current run when disposed. */
  readonly stopWithinMs?: number
}

/** Several periodic jobs stop one after the other, within the time that the platform has to stop. */
const STOP_WITHIN_MS = 3_000

/** Repeats work until disposed. Disposing waits for the current run, so that it finds the database open. */
export function startPeriodic(work: PeriodicWork): AsyncDisposable {
  const { pauseMs, run, onError, stopWithinMs = STOP_WITHIN_MS } = work
  let timer: Timer | null = null
  let current = Promise.resolve()
  let isOver = false
  const wait = () => (timer = isOver ? null : setTimeout(begin, pauseMs))
  const begin = () => {
    current = run()
      .catch(onError)
      .then(() => void wait())
  }
  wait()
  return {
    async [Symbol.asyncDispose]() {
      isOver = true
      if (timer) clearTimeout(timer)
      const isEnded = await endsWithin(current, stopWithinMs)
      if (!isEnded)
        onError(new Error(`periodic work still runs ${stopWithinMs} ms after the server was stopped`))
    },
  }
}

function endsWithin(run: Promise<void>, limitMs: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(false), limitMs)
  void run.then(() => resolve(true))
  return promise.finally(() => clearTimeout(timer))
}
