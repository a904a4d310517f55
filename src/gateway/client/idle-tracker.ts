import type { Connection } from '../../wire/index.ts'

/** Since when nothing moves on a connection. Looked at now and then, so that no octet costs a clock. */
export class IdleTracker {
  #movedBytes = 0
  #sentBytes = 0
  #movedAtMs: number
  #sentAtMs: number

  constructor(nowMs: number) {
    this.#movedAtMs = nowMs
    this.#sentAtMs = nowMs
  }

  /** To be called before either of the others is believed. */
  look({ movedBytes, sentBytes }: Connection, nowMs: number): void {
    if (movedBytes !== this.#movedBytes) this.#movedAtMs = nowMs
    if (sentBytes !== this.#sentBytes) this.#sentAtMs = nowMs
    this.#movedBytes = movedBytes
    this.#sentBytes = sentBytes
  }

  quietMs(nowMs: number): number {
    return nowMs - this.#movedAtMs
  }

  /** Of what we send: a client that asks on and on, and takes nothing, is not quiet. */
  stalledMs(nowMs: number): number {
    return nowMs - this.#sentAtMs
  }
}
