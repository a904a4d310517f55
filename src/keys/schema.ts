import type { InstancesTables } from '../instances/index.ts'
import type { InstanceId, KeyId } from '../kernel/ids.ts'

/** Rows of keys, with those of instances, which they open. Times are Unix milliseconds. */
export interface KeysTables extends InstancesTables {
  api_keys: {
    id: KeyId
    instance_id: InstanceId
    name: string
    digest: string
    created_at_ms: number
    /** JSON of a list; null: no limit. */
    micros: string | null
    methods: string | null
    paths: string | null
    expires_at_ms: number | null
    per_minute: number | null
    /** JSON of a list; null: pages of other origins cannot read what the key opens. */
    origins: string | null
    /** Since when another key takes its place. */
    rotated_at_ms: number | null
  }
}
