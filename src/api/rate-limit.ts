import { createHash, randomBytes } from 'node:crypto'
import { HttpError } from '../kernel/http-error.ts'

const MINUTE_MS = 60_000
/** A power of two, because a random index is cut down to it. */
const SLOTS = 65_536
/** Every client has a slot in each row, and its count is the smallest. */
const ROWS = 2

export interface RateLimiter {
  /** Counts one call of `client` to `name`. Throws 429 when it has had `perMinute` in this minute. */
  count(name: string, client: string, perMinute: number): void
}

/**
 * Fixed windows of a minute, in memory of a fixed size (a count-min sketch): no number of made-up clients makes a real
 * one share a common remainder, and the salt keeps strangers from choosing clients that share a victim's slots.
 */
export function createRateLimiter(now: () => number): RateLimiter {
  const salt = randomBytes(16)
  const counts = new Uint32Array(ROWS * SLOTS)
  let windowStart = 0
  const countIn = (digest: Buffer, row: number) => {
    const slot = row * SLOTS + (digest.readUInt32LE(4 * row) & (SLOTS - 1))
    return (counts[slot] = counts[slot]! + 1)
  }
  return {
    count: (name, client, perMinute) => {
      const nowMs = now()
      if (nowMs - windowStart >= MINUTE_MS || nowMs < windowStart) {
        windowStart = nowMs
        counts.fill(0)
      }
      const digest = createHash('sha256').update(salt).update(`${name}\n${client}`).digest()
      const calls = Math.min(countIn(digest, 0), countIn(digest, 1))
      if (calls > perMinute) throw tooMany(Math.ceil((windowStart + MINUTE_MS - nowMs) / 1000))
    },
  }
}

const tooMany = (seconds: number) =>
  new HttpError(429, 'rate_limited', `Too many requests; try again in ${seconds} s`, {
    retryAfterSeconds: seconds,
  })
