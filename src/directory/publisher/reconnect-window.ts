import { REJOIN_MS } from '../protocol.ts'

/**
 * Gateways that should be connected and are not: after the platform's start those that served before, later those whose
 * connection broke. Each of them may still decide from its copy, and reconnects at once if it still runs.
 */
export class ReconnectWindow {
  #missing: number
  #timer: ReturnType<typeof setTimeout> | null = null
  #waiting: Array<() => void> = []

  constructor(expected: number) {
    this.#missing = expected
    this.#restart()
  }

  lost(): void {
    this.#missing++
    this.#restart()
  }

  joined(): void {
    this.#missing = Math.max(0, this.#missing - 1)
    if (this.#missing === 0) this.stop()
  }

  /** A gateway is missing that may still reconnect. */
  get isWaiting(): boolean {
    return this.#missing > 0
  }

  /** Resolves when no gateway is missing, or when the window for reconnecting has ended. */
  async settled(): Promise<void> {
    if (this.isWaiting) await new Promise<void>((done) => this.#waiting.push(done))
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#missing = 0
    const waiting = this.#waiting
    this.#waiting = []
    for (const done of waiting) done()
  }

  #restart(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = this.#missing > 0 ? setTimeout(() => this.stop(), REJOIN_MS) : null
  }
}
