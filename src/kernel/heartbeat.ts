export interface HeartbeatOptions {
  /** Time between two calls of `tick`. */
  readonly intervalMs: number
  /** Time without an answer after which the other process counts as hung; infinite: never. Read at every tick. */
  readonly limitMs: () => number
  readonly ping: () => void
  /** Called once each time the other process stops answering. */
  readonly onHung: () => void
}

/**
 * Detects a hung process: the process is alive, but its event loop does not run. Counts ticks of this process instead of
 * reading a clock: after a suspend of the machine, or a stall of this process, one tick is late and the other process
 * still has its full time.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions
  #unanswered = 0
  #isHung = false

  constructor(options: HeartbeatOptions) {
    this.#options = options
  }

  get isHung(): boolean {
    return this.#isHung
  }

  /** To be called by a timer. At most one ping is outstanding, so that a stopped process finds no queue of pings. */
  tick(): void {
    const { intervalMs, limitMs, ping, onHung } = this.#options
    if (this.#unanswered === 0) ping()
    else if (!this.#isHung && this.#unanswered * intervalMs >= limitMs()) {
      this.#isHung = true
      onHung()
    }
    this.#unanswered += 1
  }

  /** The other process has answered, or was replaced. */
  answered(): void {
    this.#unanswered = 0
    this.#isHung = false
  }
}
