import type { Commit } from '../directory-sync/index.ts'
import { type CollectionId, type DataKeyId, digestOf, newId } from '../kernel/ids.ts'
import type { Logger } from '../kernel/log.ts'
import type { Database, Sealer } from '../storage/index.ts'
import { NO_LIMITS } from './data-key.ts'
import { deleteKeys, newDataKeyValue, putDataKey } from './data-keys.ts'
import type { CollectionsTables } from './schema.ts'

const sealedAs = (id: DataKeyId): string => `data_keys/${id}/value`

/** Makes the key that the app's micros get as `DETA_PROJECT_KEY`. */
export async function createAppDataKey(
  commit: Commit<CollectionsTables>,
  sealer: Sealer,
  { collectionId, nowMs }: { readonly collectionId: CollectionId; readonly nowMs: number },
): Promise<void> {
  const id = newId<DataKeyId>('dkey')
  const value = newDataKeyValue(collectionId)
  const key = {
    ...NO_LIMITS,
    id,
    collectionId,
    kind: 'app' as const,
    name: 'The app',
    digest: digestOf(value),
    createdAtMs: nowMs,
    lastUsedAtMs: null,
    strangers: null,
  }
  await putDataKey(commit, key, sealer.seal(value, sealedAs(id)))
}

/** Replaces the key that the app's micros get; the old one is refused from now on. */
export async function rotateAppDataKey(
  commit: Commit<CollectionsTables>,
  sealer: Sealer,
  wanted: { readonly collectionId: CollectionId; readonly nowMs: number },
): Promise<void> {
  await deleteKeys(commit, wanted.collectionId, ({ kind }) => kind === 'app')
  await createAppDataKey(commit, sealer, wanted)
}

/** `DETA_PROJECT_KEY` of the app that uses the collection. Throws when there is none. */
export async function readAppDataKey(
  db: Database<CollectionsTables>,
  sealer: Sealer,
  collectionId: CollectionId,
): Promise<string> {
  const { id, value_sealed } = await db
    .selectFrom('data_keys')
    .select(['id', 'value_sealed'])
    .where('collection_id', '=', collectionId)
    .where('kind', '=', 'app')
    .executeTakeFirstOrThrow()
  return sealer.open(value_sealed!, sealedAs(id))
}

/**
 * Reads the keys that the migration of an older database could only move: stores their digests, and seals them for
 * their new rows. Call it before data keys are published.
 */
export async function completeDataKeys(
  db: Database<CollectionsTables>,
  sealer: Sealer,
  log: Logger,
): Promise<void> {
  const rows = await db
    .selectFrom('data_keys')
    .innerJoin('instances', 'instances.collection_id', 'data_keys.collection_id')
    .select(['data_keys.id', 'data_keys.value_sealed', 'instances.id as instance_id'])
    .where('digest', 'is', null)
    .execute()
  for (const { id, value_sealed, instance_id } of rows)
    try {
      const value = sealer.open(value_sealed!, `instances/${instance_id}/data_key`)
      const complete = { digest: digestOf(value), value_sealed: sealer.seal(value, sealedAs(id)) }
      await db.updateTable('data_keys').set(complete).where('id', '=', id).execute()
    } catch (error) {
      // Only this app cannot reach its data; the others must start.
      log.error('the data key of an app cannot be read', { instance: instance_id }, error)
    }
}
