import type { Connection } from '../../wire/index.ts'

/** How long a connection has been idle. Checked at intervals, so that octets need no clock. */
export class IdleTracker {
  #movedBytes = 0
  #sentBytes = 0
  #movedAtMs: number
  #sentAtMs: number

  constructor(nowMs: number) {
    this.#movedAtMs = nowMs
    this.#sentAtMs = nowMs
  }

  /** Must be called before `quietMs` and `stalledMs`. */
  look({ movedBytes, sentBytes }: Connection, nowMs: number): void {
    if (movedBytes !== this.#movedBytes) this.#movedAtMs = nowMs
    if (sentBytes !== this.#sentBytes) this.#sentAtMs = nowMs
    this.#movedBytes = movedBytes
    this.#sentBytes = sentBytes
  }

  quietMs(nowMs: number): number {
    return nowMs - this.#movedAtMs
  }

  /** For how long nothing was sent: a client that keeps sending requests, and takes no answer, is not quiet. */
  stalledMs(nowMs: number): number {
    return nowMs - this.#sentAtMs
  }
}
