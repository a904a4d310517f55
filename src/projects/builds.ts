import { type Database, transaction } from '../storage/index.ts'
import { conflict } from '../kernel/http-error.ts'
import { type AppId, type BuildId, type UserId, newId } from '../kernel/ids.ts'
import { freeTag } from './free-tag.ts'
import { newRevisionTag } from './names.ts'
import { type Operation, beginOperation, operationOf, ownAppIds, requireRow } from './operations.ts'
import type { RevisionMicro } from './revision-micro.ts'
import type { ProjectsTables } from './schema.ts'

/** One push; once complete it is a revision, under the same id. */
export interface Build extends Operation<BuildId> {
  readonly tag: string
  readonly iconType: string | null
  /** The build whose folder has the code, when this one was pushed unchanged. */
  readonly codeOf: BuildId | null
}

export interface NewBuild {
  readonly appId: AppId
  /** Empty: a random one. */
  readonly tag: string
  readonly autoPwa: boolean
  readonly nowMs: number
}

/**
 * Throws 409 when a revision of the app that has run, or a push that is being built, has the tag already. A failure does
 * not use a tag up: a revision that never ran gets another tag, and a push whose code never came ends.
 */
export function createBuild(db: Database<ProjectsTables>, build: NewBuild): Promise<Build> {
  return transaction(db, async (trx) => {
    if (build.tag) await freeTag(trx, build.appId, build.tag)
    return insertBuild(trx, build)
  })
}

async function insertBuild(db: Database<ProjectsTables>, build: NewBuild): Promise<Build> {
  const row = {
    ...beginOperation(newId<BuildId>('bld'), build, 'pending'),
    tag: build.tag || newRevisionTag(),
    auto_pwa: build.autoPwa ? 1 : 0,
    icon_type: null,
    micros: null,
    exposure: null,
    code_of: null,
  }
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('builds')
    .values(row)
    .onConflict((clash) => clash.doNothing())
    .executeTakeFirst()
  if (numInsertedOrUpdatedRows !== 1n)
    throw conflict(`A revision is named ${row.tag} already; choose another tag or leave it out`)
  return buildOf(row)
}

/** Throws 404, also for a build of another person. */
export async function requireBuild(
  db: Database<ProjectsTables>,
  ownerId: UserId,
  id: string,
): Promise<Build> {
  const row = await db
    .selectFrom('builds')
    .selectAll()
    .where('id', '=', id as BuildId)
    .where('app_id', 'in', ownAppIds(db, ownerId))
    .executeTakeFirst()
  return buildOf(requireRow(row, 'build'))
}

/** Builds of one app, newest first. */
export async function listBuilds(
  db: Database<ProjectsTables>,
  appId: AppId,
  limit: number,
): Promise<Build[]> {
  return (await newestBuilds(db, appId).limit(limit).execute()).map(buildOf)
}

/** Revisions of one app, newest first: the builds that are complete. */
export async function listRevisions(
  db: Database<ProjectsTables>,
  appId: AppId,
  limit: number,
): Promise<Build[]> {
  const rows = await newestBuilds(db, appId).where('status', '=', 'complete').limit(limit).execute()
  return rows.map(buildOf)
}

const newestBuilds = (db: Database<ProjectsTables>, appId: AppId) =>
  db
    .selectFrom('builds')
    .selectAll()
    .where('app_id', '=', appId)
    .orderBy('created_at_ms', 'desc')
    .orderBy('id', 'desc')

/** False when the build is not waiting any more: each is started once. */
export async function startBuild(db: Database<ProjectsTables>, id: BuildId): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('builds')
    .set({ status: 'running' })
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Notes the media type of the icon that was uploaded with the build. */
export async function setBuildIcon(
  db: Database<ProjectsTables>,
  id: BuildId,
  iconType: string,
): Promise<void> {
  await db.updateTable('builds').set({ icon_type: iconType }).where('id', '=', id).execute()
}

/** The build is a revision from now on, with these micros. `codeOf`: the build that has its code, if it is unchanged. */
export async function completeBuild(
  db: Database<ProjectsTables>,
  id: BuildId,
  micros: readonly RevisionMicro[],
  codeOf: BuildId | null = null,
): Promise<void> {
  await db
    .updateTable('builds')
    .set({ status: 'complete', micros: JSON.stringify(micros), code_of: codeOf })
    .where('id', '=', id)
    .execute()
}

/** Throws when the build is not complete. */
export async function requireRevisionMicros(
  db: Database<ProjectsTables>,
  id: BuildId,
): Promise<RevisionMicro[]> {
  const { micros } = await db
    .selectFrom('builds')
    .select('micros')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return parseMicros(micros)
}

/** The column as `completeBuild` wrote it. Throws when it is empty. */
export function parseMicros(json: string | null): RevisionMicro[] {
  if (json === null) throw new Error('the revision has no micros')
  return JSON.parse(json) as RevisionMicro[]
}

const buildOf = (row: ProjectsTables['builds']): Build => ({
  ...operationOf(row),
  tag: row.tag,
  iconType: row.icon_type,
  codeOf: row.code_of,
})
