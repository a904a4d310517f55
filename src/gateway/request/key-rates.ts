const MINUTE_MS = 60_000
/** Keys with a rate that were used lately. */
const MOST_BUCKETS = 10_000

interface Bucket {
  tokens: number
  atMs: number
}

/**
 * How often keys are used, where their owner has set a rate: a bucket that holds a minute's worth and fills all the time.
 * In the memory of this gateway: of several each counts for itself.
 */
export class KeyRates {
  readonly #buckets = new Map<string, Bucket>()

  /** Takes one use; or says in how many milliseconds there is one, and takes none. 0: it may pass. */
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

  /** A bucket that was left alone for a minute is full again; if none was, the oldest has to do. */
  #forgetSome(nowMs: number): void {
    for (const [keyId, { atMs }] of this.#buckets) if (nowMs - atMs >= MINUTE_MS) this.#buckets.delete(keyId)
    const [oldest] = this.#buckets.keys()
    if (this.#buckets.size >= MOST_BUCKETS && oldest !== undefined) this.#buckets.delete(oldest)
  }
}
