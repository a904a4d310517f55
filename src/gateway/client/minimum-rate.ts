interface Window {
  readonly sinceMs: number
  readonly fromBytes: number
}

/**
 * Whether octets move fast enough. Measured window by window rather than since the beginning: a client that first moved
 * a lot could otherwise dribble for days on its average.
 */
export class MinimumRate {
  readonly #enoughBytes: number
  readonly #windowMs: number
  #window: Window | null = null

  /** 0 octets per second: no bound. */
  constructor(bytesPerSecond: number, windowMs: number) {
    this.#enoughBytes = (bytesPerSecond * windowMs) / 1_000
    this.#windowMs = windowMs
  }

  /**
   * Called at each check while the gateway waits for the client to send or to take octets. `movedBytes`: since the
   * connection began.
   */
  isMissed(movedBytes: number, nowMs: number): boolean {
    this.#window ??= { sinceMs: nowMs, fromBytes: movedBytes }
    const { sinceMs, fromBytes } = this.#window
    const isEnough = movedBytes - fromBytes >= this.#enoughBytes
    if (isEnough) this.#window = { sinceMs: nowMs, fromBytes: movedBytes }
    return !isEnough && nowMs - sinceMs > this.#windowMs
  }

  /** Called at each check while the gateway does not wait for the client: that time does not count. */
  reset(): void {
    this.#window = null
  }
}
