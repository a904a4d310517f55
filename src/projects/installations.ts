import type { Database } from '../storage/index.ts'
import {
  type AppId,
  type InstallationId,
  type InstanceId,
  type ReleaseId,
  type UserId,
  newId,
} from '../kernel/ids.ts'
import { type Operation, beginOperation, operationOf, ownAppIds, requireRow } from './operations.ts'
import type { AppsTables } from './schema.ts'

/** Bringing one release to one instance: the first time, or as an update. */
export interface Installation extends Operation<InstallationId> {
  readonly releaseId: ReleaseId
  readonly instanceId: InstanceId
}

export interface NewInstallation {
  readonly appId: AppId
  readonly releaseId: ReleaseId
  readonly instanceId: InstanceId
  readonly nowMs: number
}

/** Begins to bring a release to an instance. */
export async function createInstallation(
  db: Database<AppsTables>,
  installation: NewInstallation,
): Promise<Installation> {
  const row = {
    ...beginOperation(newId<InstallationId>('ins'), installation, 'running'),
    release_id: installation.releaseId,
    instance_id: installation.instanceId,
  }
  await db.insertInto('installations').values(row).execute()
  return installationOf(row)
}

/** Throws 404, also for an installation of another person. */
export async function requireInstallation(
  db: Database<AppsTables>,
  ownerId: UserId,
  id: string,
): Promise<Installation> {
  const row = await ownInstallations(db, ownerId)
    .where('id', '=', id as InstallationId)
    .executeTakeFirst()
  return installationOf(requireRow(row, 'installation'))
}

export interface InstallationFilter {
  readonly releaseId?: string | undefined
  readonly instanceId?: string | undefined
  readonly limit: number
}

/** The owner's installations, newest first. */
export async function listInstallations(
  db: Database<AppsTables>,
  ownerId: UserId,
  { releaseId, instanceId, limit }: InstallationFilter,
): Promise<Installation[]> {
  let query = ownInstallations(db, ownerId)
  if (releaseId) query = query.where('release_id', '=', releaseId as ReleaseId)
  if (instanceId) query = query.where('instance_id', '=', instanceId as InstanceId)
  const rows = await query.orderBy('created_at_ms', 'desc').limit(limit).execute()
  return rows.map(installationOf)
}

const ownInstallations = (db: Database<AppsTables>, ownerId: UserId) =>
  db.selectFrom('installations').selectAll().where('app_id', 'in', ownAppIds(db, ownerId))

const installationOf = (row: AppsTables['installations']): Installation => ({
  ...operationOf(row),
  releaseId: row.release_id,
  instanceId: row.instance_id,
})
