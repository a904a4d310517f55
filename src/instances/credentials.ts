import type { Commit } from '../directory-sync/index.ts'
import type { Database, Sealer } from '../storage/index.ts'
import { conflict } from '../kernel/http-error.ts'
import { type BuildId, type InstanceId, type ReleaseId, digestOf, newId, randomText } from '../kernel/ids.ts'
import { type App, newInstanceAlias, type Channel } from '../projects/index.ts'
import type { InstancesTables } from './schema.ts'

/** What stays the same over all revisions of an instance. The two keys are secrets. */
export interface InstanceCredentials {
  readonly id: InstanceId
  readonly alias: string
  /** `DETA_API_KEY`: the app's own server code, calling its own host (COMPAT 1.8). */
  readonly internalKey: string
  /** `DETA_PROJECT_KEY`: the data of this instance. */
  readonly dataKey: string
  /** Not in the database yet: it gets there with its first revision that runs. */
  readonly isNew: boolean
}

/** The app's instance on `channel`, or a new identity for one, which nothing stores yet. */
export async function prepareInstance(
  db: Database<InstancesTables>,
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
  return row ? identityOf(sealer, row) : newIdentity(app)
}

/** Throws when the instance is gone. */
export async function requireInstanceCredentials(
  db: Database<InstancesTables>,
  sealer: Sealer,
  id: InstanceId,
): Promise<InstanceCredentials> {
  const row = await db.selectFrom('instances').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  return identityOf(sealer, row)
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
  identity: InstanceCredentials,
  { app, channel, buildId, releaseId, nowMs }: Installed,
): Promise<void> {
  const revision = { build_id: buildId, release_id: releaseId, updated_at_ms: nowMs }
  commit.record({ op: 'instance.refresh', id: identity.id })
  if (identity.isNew) {
    await commit.trx
      .insertInto('instances')
      .values({
        ...revision,
        ...sealKeys(sealer, identity),
        id: identity.id,
        app_id: app.id,
        owner_id: app.ownerId,
        channel,
        alias: identity.alias,
        created_at_ms: nowMs,
      })
      .execute()
    return
  }
  const { numUpdatedRows } = await commit.trx
    .updateTable('instances')
    .set(revision)
    .where('id', '=', identity.id)
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
function newIdentity(app: App): InstanceCredentials {
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

const identityOf = (sealer: Sealer, row: InstancesTables['instances']): InstanceCredentials => ({
  id: row.id,
  alias: row.alias,
  internalKey: sealer.open(row.internal_key_sealed, `instances/${row.id}/internal_key`),
  dataKey: sealer.open(row.data_key_sealed, `instances/${row.id}/data_key`),
  isNew: false,
})
