import type { Commit } from '../directory-sync/index.ts'
import type { Database, Sealer } from '../storage/index.ts'
import { conflict } from '../kernel/http-error.ts'
import { type BuildId, type InstanceId, type ReleaseId, digestOf, newId, randomText } from '../kernel/ids.ts'
import { type App, newInstanceAlias, type AppsTables, type Channel } from '../projects/index.ts'

/** The id, host and secret keys of an instance; they stay the same over all its revisions. */
export interface InstanceCredentials {
  readonly id: InstanceId
  readonly alias: string
  /** `DETA_API_KEY`: the app's own server code, calling its own host (COMPAT 1.8). */
  readonly internalKey: string
  /** `DETA_PROJECT_KEY`: the data of this instance. */
  readonly dataKey: string
  /** Not stored yet: the first revision that runs stores it (`putRevision`). */
  readonly isNew: boolean
}

/** The credentials of the app's instance on `channel`, or new ones, which are not stored yet. */
export async function prepareInstance(
  db: Database<AppsTables>,
  sealer: Sealer,
  app: App,
  channel: Channel,
): Promise<InstanceCredentials> {
  const row = await db
    .selectFrom('instances')
    .selectAll()
    .where('app_id', '=', app.id)
    .where('channel', '=', channel)
    .executeTakeFirst()
  return row ? credentialsOf(sealer, row) : newCredentials(app)
}

/** Throws when the instance does not exist. */
export async function requireInstanceCredentials(
  db: Database<AppsTables>,
  sealer: Sealer,
  id: InstanceId,
): Promise<InstanceCredentials> {
  const row = await db.selectFrom('instances').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  return credentialsOf(sealer, row)
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
  commit: Commit<AppsTables>,
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
        ...sealKeys(sealer, credentials),
        id: credentials.id,
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
  commit: Commit<AppsTables>,
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
function newCredentials(app: App): InstanceCredentials {
  const id = newId<InstanceId>('inst')
  return {
    id,
    alias: newInstanceAlias(app.alias),
    internalKey: newKey(id),
    dataKey: newKey(id),
    isNew: true,
  }
}

const newKey = (id: InstanceId): string => `${id.slice('inst_'.length)}_${randomText(43)}`

const sealInternalKey = (sealer: Sealer, id: InstanceId, key: string) => ({
  internal_key_sealed: sealer.seal(key, `instances/${id}/internal_key`),
  internal_key_digest: digestOf(key),
})

const sealKeys = (sealer: Sealer, { id, internalKey, dataKey }: InstanceCredentials) => ({
  ...sealInternalKey(sealer, id, internalKey),
  data_key_sealed: sealer.seal(dataKey, `instances/${id}/data_key`),
})

const credentialsOf = (sealer: Sealer, row: AppsTables['instances']): InstanceCredentials => ({
  id: row.id,
  alias: row.alias,
  internalKey: sealer.open(row.internal_key_sealed, `instances/${row.id}/internal_key`),
  dataKey: sealer.open(row.data_key_sealed, `instances/${row.id}/data_key`),
  isNew: false,
})
