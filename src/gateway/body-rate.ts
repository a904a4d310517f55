import type { GatewayLimits } from './limits.ts'

export type BodyRateLimits = Pick<GatewayLimits, 'bodyMinBytesPerSecond' | 'bodyRateWindowMs'>

interface Window {
  readonly sinceMs: number
  readonly fromBytes: number
}

/**
 * Whether a request body arrives fast enough. Measured window by window rather than since the beginning: a client that
 * first sent a lot could otherwise dribble for days on its average.
 */
export class BodyRate {
  readonly #limits: BodyRateLimits
  #window: Window | null = null

  constructor(limits: BodyRateLimits) {
    this.#limits = limits
  }

  /** Called on each look while more of the body is awaited. `receivedBytes`: on the connection since its beginning. */
  isTooSlow(receivedBytes: number, nowMs: number): boolean {
    const { bodyMinBytesPerSecond, bodyRateWindowMs } = this.#limits
    this.#window ??= { sinceMs: nowMs, fromBytes: receivedBytes }
    const { sinceMs, fromBytes } = this.#window
    const isEnough = receivedBytes - fromBytes >= (bodyMinBytesPerSecond * bodyRateWindowMs) / 1_000
    if (isEnough) this.#window = { sinceMs: nowMs, fromBytes: receivedBytes }
    return !isEnough && nowMs - sinceMs > bodyRateWindowMs
  }

  /** Called when no body is awaited, or its reader is not ready: time that is not the client's does not count. */
  reset(): void {
    this.#window = null
  }
}
