import { ensureAppCollection, readAppDataKey } from '../collections/index.ts'
import type { Commit, DirectorySync } from '../directory-sync/index.ts'
import type { Database, Sealer } from '../storage/index.ts'
import { conflict } from '../kernel/http-error.ts'
import {
  type BuildId,
  type CollectionId,
  type InstanceId,
  type ReleaseId,
  digestOf,
  newId,
  randomText,
} from '../kernel/ids.ts'
import { type App, newInstanceAlias, type Channel } from '../projects/index.ts'
import type { InstancesTables } from './schema.ts'

/** The id, host and secret keys of an instance; they stay the same over all its revisions. */
export interface InstanceCredentials {
  readonly id: InstanceId
  readonly alias: string
  /** `DETA_API_KEY`: the app's own server code, calling its own host (COMPAT 1.8). */
  readonly internalKey: string
  readonly collectionId: CollectionId
  /** `DETA_PROJECT_KEY`: opens the collection. */
  readonly dataKey: string
  /** Not stored yet: the first revision that runs stores it (`putRevision`). */
  readonly isNew: boolean
}

export interface PrepareDeps {
  readonly db: Database<InstancesTables>
  readonly sealer: Sealer
  readonly sync: Pick<DirectorySync<InstancesTables>, 'commit'>
}

/**
 * The credentials of the app's instance on `channel`, or new ones, which are not stored yet. Their collection and data
 * key are: micros may use their data before the first revision serves.
 */
export async function prepareInstance(
  { db, sealer, sync }: PrepareDeps,
  app: App,
  { channel, nowMs }: { readonly channel: Channel; readonly nowMs: number },
): Promise<InstanceCredentials> {
  const row = await db
    .selectFrom('instances')
    .selectAll()
    .where('app_id', '=', app.id)
    .where('channel', '=', channel)
    .executeTakeFirst()
  if (row) return credentialsOf(db, sealer, row)
  const wanted = { appId: app.id, ownerId: app.ownerId, name: app.name, nowMs }
  const collectionId = await sync.commit((commit) => ensureAppCollection(commit, sealer, wanted))
  return newCredentials(app, collectionId, await readAppDataKey(db, sealer, collectionId))
}

/** Throws when the instance does not exist. */
export async function requireInstanceCredentials(
  db: Database<InstancesTables>,
  sealer: Sealer,
  id: InstanceId,
): Promise<InstanceCredentials> {
  const row = await db.selectFrom('instances').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  return credentialsOf(db, sealer, row)
}

export interface Installed {
  readonly app: App
  readonly channel: Channel
  readonly buildId: BuildId
  readonly releaseId: ReleaseId
  readonly nowMs: number
}

/**
 * Makes a revision the one that serves, and stores the instance if it is new. One statement: the instance has the
 * old revision or the new one. Throws 409 when the instance was deleted since it was prepared.
 */
export async function putRevision(
  commit: Commit<InstancesTables>,
  sealer: Sealer,
  credentials: InstanceCredentials,
  { app, channel, buildId, releaseId, nowMs }: Installed,
): Promise<void> {
  const revision = { build_id: buildId, release_id: releaseId, updated_at_ms: nowMs }
  commit.record({ op: 'instance.refresh', id: credentials.id })
  if (credentials.isNew) {
    await commit.trx
      .insertInto('instances')
      .values({
        ...revision,
        ...sealInternalKey(sealer, credentials.id, credentials.internalKey),
        id: credentials.id,
        collection_id: credentials.collectionId,
        app_id: app.id,
        owner_id: app.ownerId,
        channel,
        alias: credentials.alias,
        created_at_ms: nowMs,
      })
      .execute()
    return
  }
  const { numUpdatedRows } = await commit.trx
    .updateTable('instances')
    .set(revision)
    .where('id', '=', credentials.id)
    .executeTakeFirst()
  if (numUpdatedRows !== 1n) throw conflict('The app was deleted while it was being updated')
}

/** Gives the instance a new `DETA_API_KEY`. */
export async function rotateInternalKey(
  commit: Commit<InstancesTables>,
  sealer: Sealer,
  id: InstanceId,
): Promise<void> {
  commit.record({ op: 'instance.refresh', id })
  await commit.trx
    .updateTable('instances')
    .set(sealInternalKey(sealer, id, newKey(id)))
    .where('id', '=', id)
    .execute()
}

/** Keys have exactly one `_` between id and secret, as every SDK expects (COMPAT 1.6). */
function newCredentials(app: App, collectionId: CollectionId, dataKey: string): InstanceCredentials {
  const id = newId<InstanceId>('inst')
  return {
    id,
    alias: newInstanceAlias(app.alias),
    internalKey: newKey(id),
    collectionId,
    dataKey,
    isNew: true,
  }
}

const newKey = (id: InstanceId): string => `${id.slice('inst_'.length)}_${randomText(43)}`

const sealInternalKey = (sealer: Sealer, id: InstanceId, key: string) => ({
  internal_key_sealed: sealer.seal(key, `instances/${id}/internal_key`),
  internal_key_digest: digestOf(key),
})

async function credentialsOf(
  db: Database<InstancesTables>,
  sealer: Sealer,
  { id, alias, internal_key_sealed, collection_id }: InstancesTables['instances'],
): Promise<InstanceCredentials> {
  return {
    id,
    alias,
    internalKey: sealer.open(internal_key_sealed, `instances/${id}/internal_key`),
    collectionId: collection_id,
    dataKey: await readAppDataKey(db, sealer, collection_id),
    isNew: false,
  }
}
