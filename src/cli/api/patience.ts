import { setTimeout as delay } from 'node:timers/promises'

/** How long a command waits for an answer, and for a server that is restarting or limits its calls. */
export interface Patience {
  /** For the answer to one request. */
  readonly answerMs: number
  /**
   * Waits before the next attempt; the reason is shown once. False when that would take longer, in all since the last
   * answer, than the limit.
   */
  wait(reason: string, delayMs: number): Promise<boolean>
  /** The server has answered. */
  reset(): void
}

export interface PatienceOptions {
  readonly limitMs: number
  readonly answerMs: number
  /** Shows a line to the user. */
  readonly notify: (line: string) => void
}

export function createPatience({ limitMs, answerMs, notify }: PatienceOptions): Patience {
  let startedAtMs: number | null = null
  let shown: string | null = null
  return {
    answerMs,
    async wait(reason, delayMs) {
      const nowMs = performance.now()
      startedAtMs ??= nowMs
      if (nowMs - startedAtMs + delayMs > limitMs) return false
      if (reason !== shown) notify(reason)
      shown = reason
      await delay(delayMs)
      return true
    },
    reset() {
      startedAtMs = null
      shown = null
    },
  }
}
