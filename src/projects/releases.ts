import type { Database } from '../storage/index.ts'
import { notFound } from '../kernel/http-error.ts'
import { type AppId, type BuildId, type ReleaseId, type UserId, newId } from '../kernel/ids.ts'
import { newVersion } from './names.ts'
import type { Channel, OperationStatus, ProjectsTables } from './schema.ts'

/** A revision offered on a channel; clients call its making a promotion, under the same id (COMPAT 3.5). */
export interface Release {
  readonly id: ReleaseId
  readonly appId: AppId
  readonly buildId: BuildId
  readonly channel: Channel
  readonly version: string
  readonly status: OperationStatus
  readonly failure: string | null
  readonly createdAtMs: number
}

export interface NewRelease {
  readonly appId: AppId
  readonly buildId: BuildId
  readonly channel: Channel
  readonly nowMs: number
}

/** Begins to offer a revision, under a version of its own. */
export async function createRelease(db: Database<ProjectsTables>, release: NewRelease): Promise<Release> {
  const row = {
    id: newId<ReleaseId>('rel'),
    app_id: release.appId,
    build_id: release.buildId,
    channel: release.channel,
    version: newVersion(),
    status: 'running' as const,
    failure: null,
    created_at_ms: release.nowMs,
  }
  await db.insertInto('releases').values(row).execute()
  return releaseOf(row)
}

/** Throws 404, also for a release of somebody else. */
export async function requireRelease(
  db: Database<ProjectsTables>,
  ownerId: UserId,
  id: string,
): Promise<Release> {
  const row = await ownReleases(db, ownerId)
    .where('releases.id', '=', id as ReleaseId)
    .executeTakeFirst()
  if (!row) throw notFound('There is no such release')
  return releaseOf(row)
}

export interface ReleaseFilter {
  readonly appId?: string | undefined
  readonly buildId?: string | undefined
  readonly limit: number
}

/** The owner's releases, newest first. */
export async function listReleases(
  db: Database<ProjectsTables>,
  ownerId: UserId,
  { appId, buildId, limit }: ReleaseFilter,
): Promise<Release[]> {
  let query = ownReleases(db, ownerId)
  if (appId) query = query.where('releases.app_id', '=', appId as AppId)
  if (buildId) query = query.where('releases.build_id', '=', buildId as BuildId)
  const rows = await query.orderBy('releases.created_at_ms', 'desc').limit(limit).execute()
  return rows.map(releaseOf)
}

/** The release is on its channel. */
export async function completeRelease(db: Database<ProjectsTables>, id: ReleaseId): Promise<void> {
  await db.updateTable('releases').set({ status: 'complete' }).where('id', '=', id).execute()
}

const ownReleases = (db: Database<ProjectsTables>, ownerId: UserId) =>
  db
    .selectFrom('releases')
    .innerJoin('apps', 'apps.id', 'releases.app_id')
    .selectAll('releases')
    .where('apps.owner_id', '=', ownerId)

const releaseOf = (row: ProjectsTables['releases']): Release => ({
  id: row.id,
  appId: row.app_id,
  buildId: row.build_id,
  channel: row.channel,
  version: row.version,
  status: row.status,
  failure: row.failure,
  createdAtMs: row.created_at_ms,
})
