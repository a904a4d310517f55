import { findAppCollection, releaseCollection } from '../collections/index.ts'
import type { Commit } from '../directory-sync/index.ts'
import { type Database, transaction } from '../storage/index.ts'
import { conflict } from '../kernel/http-error.ts'
import type { AppId, BuildId, CollectionId, InstallationId, ReleaseId } from '../kernel/ids.ts'
import type { OperationStatus } from '../projects/index.ts'
import type { ExposureTables } from '../exposure/index.ts'
import type { InstanceEnd } from '../instances/index.ts'

/** Revisions of each app that are kept, and as many failed and unsent pushes. */
export const KEPT_BUILDS = 10

/** Ids whose rows are deleted, so that their files may be deleted as well. */
export interface Pruned {
  readonly builds: readonly BuildId[]
  /** Builds, releases and installations: each has a log. */
  readonly logs: readonly string[]
}

/** Deletes the builds older than the newest `kept` of their kind, except a revision that serves. */
export function pruneBuilds(db: Database<ExposureTables>, appId: AppId, kept = KEPT_BUILDS): Promise<Pruned> {
  return transaction(db, async (trx) => {
    const builds = [
      ...(await oldBuilds(trx, appId, ['complete'], kept)),
      ...(await oldBuilds(trx, appId, ['failed', 'internal-error'], kept)),
      // Begun, and the code never came: after that many later pushes it is abandoned.
      ...(await oldBuilds(trx, appId, ['pending'], kept)),
    ]
    if (builds.length === 0) return { builds: [], logs: [] }
    const releases = await releasesOf(trx, builds)
    const installations = await installationsOf(trx, releases)
    // The database deletes their releases and installations with them.
    await trx.deleteFrom('builds').where('id', 'in', builds).execute()
    return recordErasure(trx, { builds, logs: [...builds, ...releases, ...installations] })
  })
}

export interface DeletedApp extends Pruned {
  /** Without an instance an app has one when a developer used its project key, or its first push failed. */
  readonly collectionId: CollectionId | null
}

/**
 * Deletes an app with its pushes. Throws 409, and deletes nothing, while an instance of it exists or a push is under way:
 * those are ended first, by their own calls.
 */
export async function deleteApp(
  commit: Commit<ExposureTables>,
  appId: AppId,
  end: InstanceEnd,
): Promise<DeletedApp> {
  const { trx } = commit
  const instance = await trx
    .selectFrom('instances')
    .select('id')
    .where('app_id', '=', appId)
    .executeTakeFirst()
  if (instance) throw conflict(`The app is in use; delete its instance ${instance.id} first`)
  const rows = await trx.selectFrom('builds').select(['id', 'status']).where('app_id', '=', appId).execute()
  if (rows.some(({ status }) => status === 'running'))
    throw conflict('The app is being updated; try again when that is done')
  const builds = rows.map(({ id }) => id)
  const releases = await releasesOf(trx, builds)
  const installations = await installationsOf(trx, releases)
  const collectionId = await findAppCollection(trx, appId)
  if (collectionId) await releaseCollection(commit, collectionId, end)
  // The database deletes everything of its pushes with it.
  await trx.deleteFrom('apps').where('id', '=', appId).execute()
  const pruned = await recordErasure(trx, { builds, logs: [...builds, ...releases, ...installations] })
  return { ...pruned, collectionId }
}

/** The ids to which files may belong: those that have a row, and those that had one. */
export interface FileOwners {
  /** Builds that are revisions. */
  readonly complete: ReadonlySet<string>
  readonly all: ReadonlySet<string>
  /** Deleted by this database. */
  readonly erased: ReadonlySet<string>
}

/** An id in none of the sets is not of this database. */
export async function listFileOwners(db: Database<ExposureTables>): Promise<FileOwners> {
  const builds = await db.selectFrom('builds').select(['id', 'status']).execute()
  const releases = await db.selectFrom('releases').select('id').execute()
  const installations = await db.selectFrom('installations').select('id').execute()
  const erasures = await db.selectFrom('erasures').select('id').execute()
  return {
    complete: new Set(builds.filter(({ status }) => status === 'complete').map(({ id }) => id)),
    all: new Set([...builds, ...releases, ...installations].map(({ id }) => id as string)),
    erased: new Set(erasures.map(({ id }) => id)),
  }
}

/** Called once the files of all deleted rows are gone, and a power cut cannot bring them back. */
export async function forgetErasures(db: Database<ExposureTables>): Promise<void> {
  await db.deleteFrom('erasures').execute()
}

/** In the transaction that deletes the rows, or a crash before the files are deleted would leave them unowned. */
async function recordErasure(trx: Database<ExposureTables>, pruned: Pruned): Promise<Pruned> {
  const ids = [...new Set([...pruned.builds, ...pruned.logs])]
  for (let at = 0; at < ids.length; at += ROWS_AT_ONCE)
    await trx
      .insertInto('erasures')
      .values(ids.slice(at, at + ROWS_AT_ONCE).map((id) => ({ id })))
      .onConflict((clash) => clash.doNothing())
      .execute()
  return pruned
}

/** SQLite bounds the parameters of a statement. */
const ROWS_AT_ONCE = 1000

async function oldBuilds(
  db: Database<ExposureTables>,
  appId: AppId,
  statuses: readonly OperationStatus[],
  kept: number,
): Promise<BuildId[]> {
  const rows = await db
    .selectFrom('builds')
    .select('id')
    .where('app_id', '=', appId)
    .where('status', 'in', statuses)
    .where('id', 'not in', db.selectFrom('instances').select('build_id'))
    .where('id', 'not in', releasedBuilds(db))
    .where('id', 'not in', sharedCode(db, appId))
    .orderBy('created_at_ms', 'desc')
    .orderBy('id', 'desc')
    .offset(kept)
    .limit(1000)
    .execute()
  return rows.map(({ id }) => id)
}

/** Builds whose tag an instance shows. */
const releasedBuilds = (db: Database<ExposureTables>) =>
  db
    .selectFrom('releases')
    .innerJoin('instances', 'instances.release_id', 'releases.id')
    .select('releases.build_id')

/** Builds whose folder has the code of a later revision, too. */
const sharedCode = (db: Database<ExposureTables>, appId: AppId) =>
  db
    .selectFrom('builds')
    .select('code_of')
    .where('app_id', '=', appId)
    .where('code_of', 'is not', null)
    .$narrowType<{ code_of: BuildId }>()

async function releasesOf(db: Database<ExposureTables>, builds: readonly BuildId[]): Promise<ReleaseId[]> {
  const rows = await db.selectFrom('releases').select('id').where('build_id', 'in', builds).execute()
  return rows.map(({ id }) => id)
}

async function installationsOf(
  db: Database<ExposureTables>,
  releases: readonly ReleaseId[],
): Promise<InstallationId[]> {
  const rows = await db.selectFrom('installations').select('id').where('release_id', 'in', releases).execute()
  return rows.map(({ id }) => id)
}
