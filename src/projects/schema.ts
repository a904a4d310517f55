import type { Override } from '../access/index.ts'
import type {
  AppId,
  BuildId,
  DomainId,
  InstallationId,
  InstanceId,
  KeyId,
  ReleaseId,
  UserId,
} from '../kernel/ids.ts'

/** How far a build, a release or an installation is (COMPAT 3.9); the first two may still change. */
export type OperationStatus = 'pending' | 'running' | 'complete' | 'failed' | 'internal-error'

/** `development` is the owner's own instance, which every push updates. */
export type Channel = 'development' | 'experimental'

/** DNS said so, or the owner of the server did without it. */
export type DomainProof = 'dns' | 'owner'

/** Why a domain is not proved: no TXT record, only others, or no name server that answered. */
export type DomainFinding = 'none' | 'others' | 'no-answer'

/** Times are Unix milliseconds; `…_sealed` are encrypted with the server key. */
export interface AppsTables {
  apps: {
    id: AppId
    owner_id: UserId
    name: string
    /** Begins the host name of every instance. */
    alias: string
    created_at_ms: number
  }
  builds: {
    id: BuildId
    app_id: AppId
    tag: string
    status: OperationStatus
    /** One sentence for the developer, when it failed. */
    failure: string | null
    auto_pwa: number
    icon_type: string | null
    /** JSON of `RevisionMicro[]`, there as soon as the build is complete. */
    micros: string | null
    /** JSON of `BuildExposure`, compared with the revision that served when the manifest was uploaded. */
    exposure: string | null
    created_at_ms: number
  }
  releases: {
    id: ReleaseId
    app_id: AppId
    build_id: BuildId
    channel: Channel
    version: string
    status: OperationStatus
    failure: string | null
    created_at_ms: number
  }
  installations: {
    id: InstallationId
    app_id: AppId
    release_id: ReleaseId
    /** Chosen before the instance exists: it appears only when its first revision runs. */
    instance_id: InstanceId
    status: OperationStatus
    failure: string | null
    created_at_ms: number
  }
  instances: {
    id: InstanceId
    app_id: AppId
    owner_id: UserId
    /** The revision that serves. */
    build_id: BuildId
    release_id: ReleaseId
    channel: Channel
    /** One host label, unguessable, fixed for the life of the instance (COMPAT 6.6). */
    alias: string
    /** `DETA_API_KEY` and `DETA_PROJECT_KEY`: the app must get them again at every start. */
    internal_key_sealed: string
    internal_key_digest: string
    data_key_sealed: string
    created_at_ms: number
    updated_at_ms: number
  }
  env_values: {
    instance_id: InstanceId
    micro: string
    name: string
    value_sealed: string
  }
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
  /** Restrictions of the owner on what the Spacefile opens. */
  access_overrides: {
    instance_id: InstanceId
    /** Keeps their order. */
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
  /** Uses of public rules, keys and sessions, by day. */
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
  /** Builds, releases and installations whose rows are gone and whose files may still be there. */
  erasures: {
    id: string
  }
  server_secrets: {
    name: string
    value_sealed: string
  }
}
