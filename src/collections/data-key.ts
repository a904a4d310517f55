import type { DataKeyEntry, StrangerLimits } from '../directory/index.ts'
import type { CollectionId, DataKeyId, InstanceId } from '../kernel/ids.ts'
import type { CollectionsTables, DataKeyKind } from './schema.ts'

/** What a key opens of its collection. */
export interface DataKeyLimits {
  readonly isReadOnly: boolean
  /** Names of Bases; null: all; empty: none. */
  readonly bases: readonly string[] | null
  readonly drives: readonly string[] | null
}

/** What the app's own key opens while the app answers a request without credentials. */
export interface DataForStrangers extends DataKeyLimits {
  /** Calls for which the app does not say whom it answers have the same limits. */
  readonly needsIdentity: boolean
}

export interface DataKey extends DataKeyLimits {
  readonly id: DataKeyId
  readonly collectionId: CollectionId
  readonly kind: DataKeyKind
  readonly name: string
  readonly digest: string
  readonly createdAtMs: number
  readonly lastUsedAtMs: number | null
  /** Of a key of the `app` kind whose owner has limited it for strangers. */
  readonly strangers: StrangerLimits | null
}

export const NO_LIMITS: DataKeyLimits = { isReadOnly: false, bases: null, drives: null }

/** What the process that opens collections knows of a key. */
export const dataKeyEntry = (key: DataKey): DataKeyEntry => ({
  id: key.id,
  digest: key.digest,
  collectionId: key.collectionId,
  mayWrite: !key.isReadOnly,
  bases: key.bases,
  drives: key.drives,
  expiresAtMs: null,
  strangers: key.strangers,
})

/** A row with its digest: all rows, once the server has started. */
export type CompleteRow = CollectionsTables['data_keys'] & {
  readonly digest: string
  readonly strangers: string | null
  readonly instance_id: InstanceId | null
}

export const dataKeyOf = (row: CompleteRow): DataKey => ({
  id: row.id,
  collectionId: row.collection_id,
  kind: row.kind,
  name: row.name,
  digest: row.digest,
  isReadOnly: row.read_only === 1,
  bases: listOf(row.bases),
  drives: listOf(row.drives),
  createdAtMs: row.created_at_ms,
  lastUsedAtMs: row.last_used_at_ms,
  strangers: strangersOf(row),
})

function strangersOf({ kind, strangers, instance_id }: CompleteRow): StrangerLimits | null {
  if (kind !== 'app' || strangers === null || instance_id === null) return null
  const { isReadOnly, bases, drives, needsIdentity } = JSON.parse(strangers) as DataForStrangers
  return { instanceId: instance_id, mayWrite: !isReadOnly, bases, drives, needsIdentity }
}

export const rowOf = (key: DataKey, valueSealed: string | null): CollectionsTables['data_keys'] => ({
  id: key.id,
  collection_id: key.collectionId,
  kind: key.kind,
  name: key.name,
  digest: key.digest,
  value_sealed: valueSealed,
  read_only: key.isReadOnly ? 1 : 0,
  bases: key.bases && JSON.stringify(key.bases),
  drives: key.drives && JSON.stringify(key.drives),
  created_at_ms: key.createdAtMs,
  last_used_at_ms: key.lastUsedAtMs,
})

const listOf = (json: string | null): string[] | null =>
  json === null ? null : (JSON.parse(json) as string[])
