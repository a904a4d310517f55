import { createHash, randomBytes } from 'node:crypto'
import { HttpError } from './http-error.ts'

export interface AttemptLimiter {
  /** How long this key has to wait before its next attempt; 0 when it may try now. */
  waitMs(key: string, nowMs: number): number
  /** Counts an attempt. Call it before the attempt is made, so that attempts in parallel count each other. */
  count(key: string, nowMs: number): void
  /** Takes one counted attempt back, because it succeeded. */
  refund(key: string): void
}

export interface AttemptRule {
  /** Attempts without any delay. From then on each doubles the delay, from one second up to `maxDelayMs`. */
  readonly free: number
  readonly maxDelayMs: number
  /** A key that did nothing for so long starts anew. */
  readonly forgetMs: number
}

const SLOTS = 16_384
const FIRST_DELAY_MS = 1_000

/**
 * Delays that grow with the attempts of a key, in memory of a fixed size: keys that fall into the same slot share its
 * count. Unlike a map with eviction, a flood of made-up keys can never push out, and so forgive, a real one. The salt
 * keeps a stranger from choosing a key that shares the slot of a victim.
 */
export function createAttemptLimiter(rule: AttemptRule): AttemptLimiter {
  const salt = randomBytes(16)
  const counts = new Uint32Array(SLOTS)
  const lastMs = new Float64Array(SLOTS)
  const slotOf = (key: string) =>
    createHash('sha256').update(salt).update(key).digest().readUInt32LE(0) % SLOTS

  const countOf = (slot: number, nowMs: number) =>
    nowMs - lastMs[slot]! >= rule.forgetMs ? 0 : counts[slot]!

  return {
    waitMs: (key, nowMs) => {
      const slot = slotOf(key)
      const excess = countOf(slot, nowMs) - rule.free
      if (excess < 0) return 0
      const delayMs = Math.min(FIRST_DELAY_MS * 2 ** excess, rule.maxDelayMs)
      // Never longer than the delay, also when the clock was set back.
      return Math.min(delayMs, Math.max(0, lastMs[slot]! + delayMs - nowMs))
    },
    count: (key, nowMs) => {
      const slot = slotOf(key)
      counts[slot] = Math.min(countOf(slot, nowMs) + 1, 2 ** 31)
      lastMs[slot] = nowMs
    },
    refund: (key) => {
      const slot = slotOf(key)
      if (counts[slot]! > 0) counts[slot]! -= 1
    },
  }
}

/** Throws `rate_limited` unless every one of `keys` may try now; otherwise counts the attempt for all of them. */
export function requireAttempt(keys: readonly (readonly [AttemptLimiter, string])[], nowMs: number): void {
  const waitMs = Math.max(...keys.map(([limiter, key]) => limiter.waitMs(key, nowMs)))
  if (waitMs > 0) throw tooMany(Math.ceil(waitMs / 1_000))
  for (const [limiter, key] of keys) limiter.count(key, nowMs)
}

export const tooMany = (retryAfterSeconds: number) =>
  new HttpError(429, 'rate_limited', `Too many attempts. Try again in ${retryAfterSeconds} s.`, {
    retryAfterSeconds,
  })
