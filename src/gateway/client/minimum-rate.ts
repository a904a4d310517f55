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

  /** 0 octets a second: no bound. */
  constructor(bytesPerSecond: number, windowMs: number) {
    this.#enoughBytes = (bytesPerSecond * windowMs) / 1_000
    this.#windowMs = windowMs
  }

  /** Called on each look while it is for the client to move octets. `movedBytes`: since the connection began. */
  isMissed(movedBytes: number, nowMs: number): boolean {
    this.#window ??= { sinceMs: nowMs, fromBytes: movedBytes }
    const { sinceMs, fromBytes } = this.#window
    const isEnough = movedBytes - fromBytes >= this.#enoughBytes
    if (isEnough) this.#window = { sinceMs: nowMs, fromBytes: movedBytes }
    return !isEnough && nowMs - sinceMs > this.#windowMs
  }

  /** Called on each look while it is not for the client: that time does not count. */
  reset(): void {
    this.#window = null
  }
}
