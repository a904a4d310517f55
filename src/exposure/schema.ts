import type { InstancesTables } from '../instances/index.ts'
import type { InstanceId } from '../kernel/ids.ts'

/** Rows of exposure, with those of instances. Times are Unix milliseconds. */
export interface ExposureTables extends InstancesTables {
  /** How often what let a request in, by day. */
  uses: {
    instance_id: InstanceId
    kind: 'rule' | 'key' | 'session'
    /** Id of the key or the session; of a rule `<micro> <pattern>`. */
    ref: string
    /** Days since 1970, UTC. */
    day: number
    count: number
    last_at_ms: number
  }
}
