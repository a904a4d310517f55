import type { Override } from '../access/index.ts'
import type { CollectionsTables } from '../collections/index.ts'
import type { AppId, BuildId, CollectionId, DomainId, InstanceId, ReleaseId, UserId } from '../kernel/ids.ts'
import type { Channel, ProjectsTables } from '../projects/index.ts'

/** DNS said so, or the owner of the server did without it. */
export type DomainProof = 'dns' | 'owner'

/** Why a domain is not proved: no TXT record, only others, or no name server that answered. */
export type DomainFinding = 'none' | 'others' | 'no-answer'

/**
 * Rows of instances, with those of projects, which they run, and of collections, which they use. Overrides and domains are read with the instance in one
 * statement, so they belong here. Times are Unix milliseconds; `…_sealed` are readable with the server key only.
 */
export interface InstancesTables extends ProjectsTables, CollectionsTables {
  instances: {
    id: InstanceId
    app_id: AppId
    owner_id: UserId
    /** The build whose code serves. */
    build_id: BuildId
    /** Its build has the tag that people see: another one than `build_id` when it was pushed unchanged. */
    release_id: ReleaseId
    channel: Channel
    /** One host label, unguessable, fixed for the life of the instance (COMPAT 6.6). */
    alias: string
    /** `DETA_API_KEY`: the app must get it again at every start. */
    internal_key_sealed: string
    internal_key_digest: string
    /** Of this instance alone. Never null, though SQLite cannot say so of a column that was added. */
    collection_id: CollectionId
    created_at_ms: number
    updated_at_ms: number
  }
  env_values: {
    instance_id: InstanceId
    micro: string
    name: string
    value_sealed: string
  }
  /** What the owner took back of what the Spacefile opens. */
  access_overrides: {
    instance_id: InstanceId
    /** Keeps the order in which they were said. */
    position: number
    micro: string
    kind: Override['kind']
    pattern: string
  }
  /** The public rules that are open now. */
  exposed_rules: {
    instance_id: InstanceId
    micro: string
    pattern: string
    since_ms: number
  }
  domains: {
    id: DomainId
    instance_id: InstanceId
    /** Lower-case, Punycode. Active on one instance only; pending on any. */
    name: string
    token: string
    status: 'pending' | 'active'
    proof: DomainProof | null
    finding: DomainFinding | null
    created_at_ms: number
    checked_at_ms: number | null
    /** Null: it is active, or only its owner looks. */
    next_check_at_ms: number | null
    active_at_ms: number | null
  }
}
