import type { Database } from '../storage/index.ts'
import { notFound } from '../kernel/http-error.ts'
import {
  type AppId,
  type InstallationId,
  type InstanceId,
  type ReleaseId,
  type UserId,
  newId,
} from '../kernel/ids.ts'
import type { OperationStatus, ProjectsTables } from './schema.ts'

/** Bringing one release to one instance: the first time, or as an update. */
export interface Installation {
  readonly id: InstallationId
  readonly appId: AppId
  readonly releaseId: ReleaseId
  readonly instanceId: InstanceId
  readonly status: OperationStatus
  readonly failure: string | null
  readonly createdAtMs: number
}

export interface NewInstallation {
  readonly appId: AppId
  readonly releaseId: ReleaseId
  readonly instanceId: InstanceId
  readonly nowMs: number
}

/** Begins to bring a release to an instance. */
export async function createInstallation(
  db: Database<ProjectsTables>,
  installation: NewInstallation,
): Promise<Installation> {
  const row = {
    id: newId<InstallationId>('ins'),
    app_id: installation.appId,
    release_id: installation.releaseId,
    instance_id: installation.instanceId,
    status: 'running' as const,
    failure: null,
    created_at_ms: installation.nowMs,
  }
  await db.insertInto('installations').values(row).execute()
  return installationOf(row)
}

/** Throws 404, also for an installation of somebody else. */
export async function requireInstallation(
  db: Database<ProjectsTables>,
  ownerId: UserId,
  id: string,
): Promise<Installation> {
  const row = await ownInstallations(db, ownerId)
    .where('installations.id', '=', id as InstallationId)
    .executeTakeFirst()
  if (!row) throw notFound('There is no such installation')
  return installationOf(row)
}

export interface InstallationFilter {
  readonly releaseId?: string | undefined
  readonly instanceId?: string | undefined
  readonly limit: number
}

/** The owner's installations, newest first. */
export async function listInstallations(
  db: Database<ProjectsTables>,
  ownerId: UserId,
  { releaseId, instanceId, limit }: InstallationFilter,
): Promise<Installation[]> {
  let query = ownInstallations(db, ownerId)
  if (releaseId) query = query.where('installations.release_id', '=', releaseId as ReleaseId)
  if (instanceId) query = query.where('installations.instance_id', '=', instanceId as InstanceId)
  const rows = await query.orderBy('installations.created_at_ms', 'desc').limit(limit).execute()
  return rows.map(installationOf)
}

/** The instance serves the release. */
export async function completeInstallation(db: Database<ProjectsTables>, id: InstallationId): Promise<void> {
  await db.updateTable('installations').set({ status: 'complete' }).where('id', '=', id).execute()
}

const ownInstallations = (db: Database<ProjectsTables>, ownerId: UserId) =>
  db
    .selectFrom('installations')
    .innerJoin('apps', 'apps.id', 'installations.app_id')
    .selectAll('installations')
    .where('apps.owner_id', '=', ownerId)

const installationOf = (row: ProjectsTables['installations']): Installation => ({
  id: row.id,
  appId: row.app_id,
  releaseId: row.release_id,
  instanceId: row.instance_id,
  status: row.status,
  failure: row.failure,
  createdAtMs: row.created_at_ms,
})
