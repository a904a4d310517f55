import { createHash, randomBytes } from 'node:crypto'
import { HttpError } from './http-error.ts'

export interface AttemptLimiter {
  /** Time until the key's next attempt; 0 if the key may try now. */
  waitMs(key: string, nowMs: number): number
  /** Counts an attempt. Call it before the attempt, so that parallel attempts count each other. */
  count(key: string, nowMs: number): void
  /** Uncounts an attempt that succeeded. */
  refund(key: string): void
}

export interface AttemptRule {
  /** Attempts without a delay. Each further attempt doubles the delay, from one second up to `maxDelayMs`. */
  readonly free: number
  readonly maxDelayMs: number
  /** After this time without attempts, a key starts from zero. */
  readonly forgetMs: number
}

const SLOTS = 16_384
const FIRST_DELAY_MS = 1_000

/**
 * Delays that grow with the attempts of a key, in memory of a fixed size: keys that fall into the same slot share its
 * count. Unlike in a map with eviction, a flood of invented keys cannot evict, and so forgive, a real key. The salt keeps
 * an attacker from choosing a key that shares the slot of a victim.
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
      // Never longer than the delay, even if the clock was set back.
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
