import type { AppId, CollectionId, DataKeyId, InstanceId, UserId } from '../kernel/ids.ts'

/**
 * `app`: given to the app's micros; `project`: of a developer's machine (COMPAT 3.8); `user`: made by a person, who may
 * limit it.
 */
export type DataKeyKind = 'app' | 'project' | 'user'

/** Rows of collections and their keys. Times are Unix milliseconds. */
export interface CollectionsTables {
  collections: {
    id: CollectionId
    owner_id: UserId
    name: string
    /** The app whose pushes use it, from its first push or project key on; null for all others. */
    app_id: AppId | null
    created_at_ms: number
    /** JSON of `DataForStrangers`; null: no limits. */
    strangers: string | null
  }
  data_keys: {
    id: DataKeyId
    collection_id: CollectionId
    kind: DataKeyKind
    name: string
    /** Null only between the migration of an older database and the end of that start (`completeDataKeys`). */
    digest: string | null
    /** Readable with the server key; null unless micros must get the key again at every start. */
    value_sealed: string | null
    read_only: 0 | 1
    /** JSON of a list of names; null: all. */
    bases: string | null
    drives: string | null
    created_at_ms: number
    last_used_at_ms: number | null
  }
  /** Collections without a row whose files may still be there. No other folder without a row is ever erased. */
  collection_erasures: { id: CollectionId }
  /** Of a table of instances/: which collections apps use. */
  instances: { id: InstanceId; collection_id: CollectionId }
}
