import type { DataKeyEntry } from '../directory/index.ts'
import type { CollectionId, DataKeyId } from '../kernel/ids.ts'
import type { CollectionsTables, DataKeyKind } from './schema.ts'

/** What a key opens of its collection. */
export interface DataKeyLimits {
  readonly isReadOnly: boolean
  /** Names of Bases; null: all; empty: none. */
  readonly bases: readonly string[] | null
  readonly drives: readonly string[] | null
}

export interface DataKey extends DataKeyLimits {
  readonly id: DataKeyId
  readonly collectionId: CollectionId
  readonly kind: DataKeyKind
  readonly name: string
  readonly digest: string
  readonly createdAtMs: number
  readonly lastUsedAtMs: number | null
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
})

/** A row with its digest: all rows, once the server has started. */
export type CompleteRow = CollectionsTables['data_keys'] & { readonly digest: string }

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
})

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
