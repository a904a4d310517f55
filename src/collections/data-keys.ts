import type { Commit } from '../directory-sync/index.ts'
import { conflict, notFound } from '../kernel/http-error.ts'
import { type CollectionId, type DataKeyId, digestOf, newId, randomText } from '../kernel/ids.ts'
import type { Database } from '../storage/index.ts'
import {
  type CompleteRow,
  type DataKey,
  type DataKeyLimits,
  NO_LIMITS,
  dataKeyEntry,
  dataKeyOf,
  rowOf,
} from './data-key.ts'
import type { CollectionsTables } from './schema.ts'

/** 43 characters of 62: 256 bits. Without `_`: the Go SDK refuses a key with two (COMPAT 1.6). */
const SECRET_LENGTH = 43
/** The original command makes a key for each change of folder, so this must be far above what a person makes. */
const KEYS_MAX = 1_000

export const newDataKeyValue = (collectionId: CollectionId): string =>
  `${collectionId}_${randomText(SECRET_LENGTH)}`

export interface NewDataKey {
  readonly collectionId: CollectionId
  readonly kind: 'project' | 'user'
  readonly name: string
  readonly limits?: DataKeyLimits
  readonly nowMs: number
}

/**
 * `value` is shown this once. Throws 409 when the collection has too many keys, or a project key has the name already:
 * clients delete project keys by name.
 */
export async function createDataKey(
  commit: Commit<CollectionsTables>,
  { collectionId, kind, name, limits = NO_LIMITS, nowMs }: NewDataKey,
): Promise<{ key: DataKey; value: string }> {
  const known = await listDataKeys(commit.trx, collectionId)
  if (known.length >= KEYS_MAX)
    throw conflict(`This collection has ${KEYS_MAX} data keys already; delete one first`)
  if (kind === 'project' && known.some((key) => key.kind === kind && key.name === name))
    throw conflict(`There is a project key named ${name} already; choose another name`)
  const value = newDataKeyValue(collectionId)
  const key: DataKey = {
    ...limits,
    id: newId<DataKeyId>('dkey'),
    collectionId,
    kind,
    name,
    digest: digestOf(value),
    createdAtMs: nowMs,
    lastUsedAtMs: null,
    strangers: null,
  }
  await putDataKey(commit, key, null)
  return { key, value }
}

export async function putDataKey(
  commit: Commit<CollectionsTables>,
  key: DataKey,
  valueSealed: string | null,
): Promise<void> {
  await commit.trx.insertInto('data_keys').values(rowOf(key, valueSealed)).execute()
  const row = await completeRows(commit.trx).where('data_keys.id', '=', key.id).executeTakeFirstOrThrow()
  commit.record({ op: 'dataKey.put', key: dataKeyEntry(dataKeyOf(row)) })
}

/** Newest first. */
export async function listDataKeys(
  db: Database<CollectionsTables>,
  collectionId: CollectionId,
): Promise<DataKey[]> {
  const rows = await completeRows(db)
    .where('data_keys.collection_id', '=', collectionId)
    .orderBy('data_keys.created_at_ms', 'desc')
    .orderBy('data_keys.id')
    .execute()
  return rows.map(dataKeyOf)
}

/** Throws 404 when the collection has no such key. */
export async function requireDataKey(
  db: Database<CollectionsTables>,
  collectionId: CollectionId,
  id: string,
): Promise<DataKey> {
  const row = await completeRows(db)
    .where('data_keys.collection_id', '=', collectionId)
    .where('data_keys.id', '=', id as DataKeyId)
    .executeTakeFirst()
  if (!row) throw notFound('There is no such data key')
  return dataKeyOf(row)
}

/** The keys of all collections, for the directory. */
export async function listAllDataKeys(db: Database<CollectionsTables>): Promise<DataKey[]> {
  return (await completeRows(db).execute()).map(dataKeyOf)
}

/** Throws 404 when there is no such key, and 409 for the one that the app's micros have. */
export async function deleteDataKey(
  commit: Commit<CollectionsTables>,
  { collectionId, id, kind }: Pick<DataKey, 'collectionId' | 'id' | 'kind'>,
): Promise<void> {
  if (kind === 'app')
    throw conflict('The app itself uses this key. To replace it with a new one: space data-keys rotate <app>')
  const deleted = await deleteKeys(commit, collectionId, ({ id: one }) => one === id)
  if (deleted.length === 0) throw notFound('There is no such data key')
}

/** Deletes the keys of a collection that `isMeant` chooses; returns them. */
export async function deleteKeys(
  commit: Commit<CollectionsTables>,
  collectionId: CollectionId,
  isMeant: (key: CollectionsTables['data_keys']) => boolean,
): Promise<DataKeyId[]> {
  const rows = await commit.trx
    .selectFrom('data_keys')
    .selectAll()
    .where('collection_id', '=', collectionId)
    .execute()
  const ids = rows.filter(isMeant).map(({ id }) => id)
  if (ids.length === 0) return []
  await commit.trx.deleteFrom('data_keys').where('id', 'in', ids).execute()
  commit.record(...ids.map((id) => ({ op: 'dataKey.delete', id }) as const))
  return ids
}

const completeRows = (db: Database<CollectionsTables>) =>
  db
    .selectFrom('data_keys')
    .innerJoin('collections', 'collections.id', 'data_keys.collection_id')
    .leftJoin('instances', 'instances.collection_id', 'data_keys.collection_id')
    .selectAll('data_keys')
    .select(['collections.strangers', 'instances.id as instance_id'])
    .where('data_keys.digest', 'is not', null)
    .$castTo<CompleteRow>()
