const FIRST_MS = 100
const LONGEST_MS = 30_000
/** A process that ran for this long was healthy: its end begins a new series. */
const HEALTHY_MS = 60_000

/** Delays between restarts of one process. */
export class BackOff {
  #failures = 0

  /** Failures since the process was healthy. */
  get failures(): number {
    return this.#failures
  }

  /** The delay after a process that was ready for `readyForMs`; 0: it never became ready. */
  next(readyForMs: number): number {
    if (readyForMs >= HEALTHY_MS) this.#failures = 0
    const delayMs = Math.min(FIRST_MS * 2 ** this.#failures, LONGEST_MS)
    this.#failures += 1
    return delayMs
  }
}
