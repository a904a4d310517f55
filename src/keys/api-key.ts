import type { InstanceId, KeyId } from '../kernel/ids.ts'

/** Where, how and how long a key works; null: no limit beyond the micros that accept keys. */
export interface KeyScope {
  readonly micros: readonly string[] | null
  readonly methods: readonly string[] | null
  /** Patterns below the mount of the micro that serves them. */
  readonly paths: readonly string[] | null
  readonly expiresAtMs: number | null
  readonly perMinute: number | null
  /** Origins of pages that may use the key and read the answers (CORS); null: no page may read answers, and none is refused. */
  readonly origins: readonly string[] | null
}

/** A key that a person made for one instance; only that person knows the secret. */
export interface ApiKey extends KeyScope {
  readonly id: KeyId
  readonly instanceId: InstanceId
  readonly name: string
  /** `digestOf` the whole value: gateways look keys up by it. */
  readonly digest: string
  readonly createdAtMs: number
  /** Since when another key takes its place. */
  readonly rotatedAtMs: number | null
}
