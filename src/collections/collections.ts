import type { Commit } from '../directory-sync/index.ts'
import { conflict, notFound } from '../kernel/http-error.ts'
import {
  type AppId,
  type CollectionId,
  type InstanceId,
  type UserId,
  newCollectionId,
} from '../kernel/ids.ts'
import type { Database, Sealer } from '../storage/index.ts'
import { createAppDataKey } from './app-data-key.ts'
import { deleteKeys } from './data-keys.ts'
import type { CollectionsTables } from './schema.ts'

/** The data of an app, or data that belongs to no app. */
export interface Collection {
  readonly id: CollectionId
  readonly ownerId: UserId
  readonly name: string
  /** `app`: an app uses it, and it cannot be deleted without the app. */
  readonly kind: 'app' | 'headless'
  readonly appId: AppId | null
  readonly instanceId: InstanceId | null
  readonly createdAtMs: number
}

interface NewCollection {
  readonly ownerId: UserId
  readonly name: string
  readonly nowMs: number
}

/** A person may make some; each may take up files and memory. */
const COLLECTIONS_MAX = 1_000

/** Makes a headless collection. Throws 409 when the person has too many. */
export async function createCollection(
  commit: Commit<CollectionsTables>,
  wanted: NewCollection,
): Promise<Collection> {
  if ((await listCollections(commit.trx, wanted.ownerId)).length >= COLLECTIONS_MAX)
    throw conflict(`You have ${COLLECTIONS_MAX} collections already; delete one first`)
  return requireCollection(commit.trx, wanted.ownerId, await insert(commit, wanted, null))
}

/**
 * The collection that the app's pushes use, made with its app key when there is none: a developer's key opens it before
 * the first push (COMPAT 3.8), and micros use it before their revision serves.
 */
export async function ensureAppCollection(
  commit: Commit<CollectionsTables>,
  sealer: Sealer,
  { appId, ...wanted }: NewCollection & { readonly appId: AppId },
): Promise<CollectionId> {
  const known = await findAppCollection(commit.trx, appId)
  if (known) return known
  const collectionId = await insert(commit, wanted, appId)
  await createAppDataKey(commit, sealer, { collectionId, nowMs: wanted.nowMs })
  return collectionId
}

/** Null before the first push and the first project key. */
export async function findAppCollection(
  db: Database<CollectionsTables>,
  appId: AppId,
): Promise<CollectionId | null> {
  const row = await db.selectFrom('collections').select('id').where('app_id', '=', appId).executeTakeFirst()
  return row?.id ?? null
}

async function insert(
  commit: Commit<CollectionsTables>,
  { ownerId, name, nowMs }: NewCollection,
  appId: AppId | null,
): Promise<CollectionId> {
  const id = newCollectionId()
  await commit.trx
    .insertInto('collections')
    .values({ id, owner_id: ownerId, name, app_id: appId, created_at_ms: nowMs, strangers: null })
    .execute()
  return id
}

/** Newest first. */
export async function listCollections(
  db: Database<CollectionsTables>,
  ownerId: UserId,
): Promise<Collection[]> {
  const rows = await collections(db)
    .where('collections.owner_id', '=', ownerId)
    .orderBy('collections.created_at_ms', 'desc')
    .orderBy('collections.id')
    .execute()
  return rows.map(collectionOf)
}

/** Throws 404, also for a collection of another person. */
export async function requireCollection(
  db: Database<CollectionsTables>,
  ownerId: UserId,
  id: string,
): Promise<Collection> {
  const row = await collections(db)
    .where('collections.id', '=', id as CollectionId)
    .where('collections.owner_id', '=', ownerId)
    .executeTakeFirst()
  if (!row) throw notFound('There is no such collection')
  return collectionOf(row)
}

/** Of any owner: not for answers to a person. */
export async function getCollection(
  db: Database<CollectionsTables>,
  id: CollectionId,
): Promise<Collection | null> {
  const row = await collections(db).where('collections.id', '=', id).executeTakeFirst()
  return row ? collectionOf(row) : null
}

export async function renameCollection(
  db: Database<CollectionsTables>,
  id: CollectionId,
  name: string,
): Promise<void> {
  await db.updateTable('collections').set({ name }).where('id', '=', id).execute()
}

/**
 * Ends an app's use of its collection, whose instance is deleted: the keys of the app and its developers end. With
 * `keepsData` it stays as a headless collection that keys of the `user` kind still open; otherwise it is deleted.
 */
export async function releaseCollection(
  commit: Commit<CollectionsTables>,
  id: CollectionId,
  { keepsData }: { readonly keepsData: boolean },
): Promise<void> {
  if (!keepsData) return deleteCollection(commit, id)
  await deleteKeys(commit, id, ({ kind }) => kind !== 'user')
  await commit.trx.updateTable('collections').set({ app_id: null }).where('id', '=', id).execute()
}

/**
 * Deletes the rows, and records that the files are to be erased. The database refuses while an instance uses the
 * collection.
 */
export async function deleteCollection(commit: Commit<CollectionsTables>, id: CollectionId): Promise<void> {
  await deleteKeys(commit, id, () => true)
  const { numDeletedRows } = await commit.trx
    .deleteFrom('collections')
    .where('id', '=', id)
    .executeTakeFirst()
  if (numDeletedRows !== 1n) throw notFound('There is no such collection')
  await commit.trx.insertInto('collection_erasures').values({ id }).execute()
}

/** `deleteCollection` of one that no app uses; throws 409 for another. */
export async function deleteHeadlessCollection(
  commit: Commit<CollectionsTables>,
  id: CollectionId,
): Promise<void> {
  const collection = await getCollection(commit.trx, id)
  if (collection?.kind === 'app')
    throw conflict('An app uses this collection; delete the app, and choose to delete its data as well')
  await deleteCollection(commit, id)
}

const collections = (db: Database<CollectionsTables>) =>
  db
    .selectFrom('collections')
    .leftJoin('instances', 'instances.collection_id', 'collections.id')
    .selectAll('collections')
    .select('instances.id as instance_id')

const collectionOf = (
  row: CollectionsTables['collections'] & { readonly instance_id: InstanceId | null },
): Collection => ({
  id: row.id,
  ownerId: row.owner_id,
  name: row.name,
  kind: row.app_id === null && row.instance_id === null ? 'headless' : 'app',
  appId: row.app_id,
  instanceId: row.instance_id,
  createdAtMs: row.created_at_ms,
})
