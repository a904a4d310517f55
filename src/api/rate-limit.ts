import { HttpError } from '../kernel/http-error.ts'

const MINUTE_MS = 60_000
/** Beyond this many clients in one minute they share what is left, so that a flood of addresses costs no memory. */
const CLIENTS_MAX = 10_000
const OTHERS = 'others'

export interface RateLimiter {
  /** Counts one call of `client` to `name`. Throws 429 when it has had `perMinute` in this minute. */
  count(name: string, client: string, perMinute: number): void
}

/** Fixed windows of a minute, in memory. Guessing of secrets is slowed down further by the accounts room. */
export function createRateLimiter(now: () => number): RateLimiter {
  let windowStart = 0
  const counts = new Map<string, number>()
  return {
    count: (name, client, perMinute) => {
      const nowMs = now()
      if (nowMs - windowStart >= MINUTE_MS) {
        windowStart = nowMs
        counts.clear()
      }
      const own = `${name} ${networkOf(client)}`
      const key = counts.has(own) || counts.size < CLIENTS_MAX ? own : `${name} ${OTHERS}`
      const calls = (counts.get(key) ?? 0) + 1
      counts.set(key, calls)
      if (calls > perMinute) throw tooMany(Math.ceil((windowStart + MINUTE_MS - nowMs) / 1000))
    },
  }
}

/** A household has a whole IPv6 /64; one of its addresses is not one client. */
function networkOf(address: string): string {
  return address.includes(':') ? address.split(':').slice(0, 4).join(':') : address
}

const tooMany = (seconds: number) =>
  new HttpError(429, 'rate_limited', `Too many requests; try again in ${seconds} s`, {
    retryAfterSeconds: seconds,
  })
