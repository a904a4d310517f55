import type { Database } from '../storage/index.ts'
import { type AppId, type BuildId, type ReleaseId, type UserId, newId } from '../kernel/ids.ts'
import { newVersion } from './names.ts'
import { type Operation, beginOperation, operationOf, ownAppIds, requireRow } from './operations.ts'
import type { AppsTables, Channel } from './schema.ts'

/** A revision offered on a channel; clients call its making a promotion, under the same id (COMPAT 3.5). */
export interface Release extends Operation<ReleaseId> {
  readonly buildId: BuildId
  readonly channel: Channel
  readonly version: string
}

export interface NewRelease {
  readonly appId: AppId
  readonly buildId: BuildId
  readonly channel: Channel
  readonly nowMs: number
}

/** Begins to offer a revision, under a version of its own. */
export async function createRelease(db: Database<AppsTables>, release: NewRelease): Promise<Release> {
  const row = {
    ...beginOperation(newId<ReleaseId>('rel'), release, 'running'),
    build_id: release.buildId,
    channel: release.channel,
    version: newVersion(),
  }
  await db.insertInto('releases').values(row).execute()
  return releaseOf(row)
}

/** Throws 404, also for a release of another person. */
export async function requireRelease(
  db: Database<AppsTables>,
  ownerId: UserId,
  id: string,
): Promise<Release> {
  const row = await ownReleases(db, ownerId)
    .where('id', '=', id as ReleaseId)
    .executeTakeFirst()
  return releaseOf(requireRow(row, 'release'))
}

export interface ReleaseFilter {
  readonly appId?: string | undefined
  readonly buildId?: string | undefined
  readonly limit: number
}

/** The owner's releases, newest first. */
export async function listReleases(
  db: Database<AppsTables>,
  ownerId: UserId,
  { appId, buildId, limit }: ReleaseFilter,
): Promise<Release[]> {
  let query = ownReleases(db, ownerId)
  if (appId) query = query.where('app_id', '=', appId as AppId)
  if (buildId) query = query.where('build_id', '=', buildId as BuildId)
  const rows = await query.orderBy('created_at_ms', 'desc').limit(limit).execute()
  return rows.map(releaseOf)
}

const ownReleases = (db: Database<AppsTables>, ownerId: UserId) =>
  db.selectFrom('releases').selectAll().where('app_id', 'in', ownAppIds(db, ownerId))

const releaseOf = (row: AppsTables['releases']): Release => ({
  ...operationOf(row),
  buildId: row.build_id,
  channel: row.channel,
  version: row.version,
})
