const MINUTE_MS = 60_000
/** Bound of recently used keys that have a rate. */
const MOST_BUCKETS = 10_000

interface Bucket {
  tokens: number
  atMs: number
}

/**
 * Rates of keys whose owner has set one: a token bucket that holds the uses of a minute. Each gateway process counts
 * separately.
 */
export class KeyRates {
  readonly #buckets = new Map<string, Bucket>()

  /** Takes one use and returns 0, or returns the milliseconds until there is one. */
  take(keyId: string, perMinute: number, nowMs: number): number {
    const bucket = this.#bucketOf(keyId, perMinute, nowMs)
    const passedMs = Math.max(0, nowMs - bucket.atMs)
    bucket.tokens = Math.min(perMinute, bucket.tokens + (passedMs / MINUTE_MS) * perMinute)
    bucket.atMs = nowMs
    if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) / perMinute) * MINUTE_MS)
    bucket.tokens -= 1
    return 0
  }

  #bucketOf(keyId: string, perMinute: number, nowMs: number): Bucket {
    const known = this.#buckets.get(keyId)
    if (known !== undefined) return known
    if (this.#buckets.size >= MOST_BUCKETS) this.#forgetSome(nowMs)
    const bucket = { tokens: perMinute, atMs: nowMs }
    this.#buckets.set(keyId, bucket)
    return bucket
  }

  /** Removes buckets that are full again after a minute without use; the oldest one if there are none. */
  #forgetSome(nowMs: number): void {
    for (const [keyId, { atMs }] of this.#buckets) if (nowMs - atMs >= MINUTE_MS) this.#buckets.delete(keyId)
    const [oldest] = this.#buckets.keys()
    if (this.#buckets.size >= MOST_BUCKETS && oldest !== undefined) this.#buckets.delete(oldest)
  }
}
