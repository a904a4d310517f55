import type { AppId, BuildId, InstallationId, InstanceId, ReleaseId, UserId } from '../kernel/ids.ts'

/** How far a build, a release or an installation is (COMPAT 3.9); the first two may still change. */
export type OperationStatus = 'pending' | 'running' | 'complete' | 'failed' | 'internal-error'

/** `development` is the owner's own instance, which every push updates. */
export type Channel = 'development' | 'experimental'

/** Rows of projects. Times are Unix milliseconds. */
export interface ProjectsTables {
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
    /** The build whose folder has the code, when this one was pushed unchanged; null: its own. */
    code_of: BuildId | null
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
  /** Of a table of instances/: which revisions serve. */
  instances: { id: InstanceId; build_id: BuildId; release_id: ReleaseId }
  /** Builds, releases and installations whose rows are gone and whose files may still be there. */
  erasures: {
    id: string
  }
}
