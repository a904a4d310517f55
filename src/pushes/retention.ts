import { type Database, transaction } from '../storage/index.ts'
import { conflict } from '../kernel/http-error.ts'
import type { AppId, BuildId, InstallationId, ReleaseId } from '../kernel/ids.ts'
import type { OperationStatus } from '../projects/index.ts'
import type { ServerTables } from './schema.ts'

/** Per app and kind: revisions one can look at and go back to, failed pushes one can read the log of. */
export const KEPT_BUILDS = 10

/** Ids whose files may be removed, now that their rows are gone. */
export interface Pruned {
  readonly builds: readonly BuildId[]
  /** Builds, releases and installations: each has a log. */
  readonly logs: readonly string[]
}

/** Removes what is older than the newest `kept` of its kind; never a revision that serves. */
export function pruneBuilds(db: Database<ServerTables>, appId: AppId, kept = KEPT_BUILDS): Promise<Pruned> {
  return transaction(db, async (trx) => {
    const builds = [
      ...(await oldBuilds(trx, appId, ['complete'], kept)),
      ...(await oldBuilds(trx, appId, ['failed', 'internal-error'], kept)),
      // Begun and never sent: whoever began ten more has given up on it.
      ...(await oldBuilds(trx, appId, ['pending'], kept)),
    ]
    if (builds.length === 0) return { builds: [], logs: [] }
    const releases = await releasesOf(trx, builds)
    const installations = await installationsOf(trx, releases)
    // Their releases and installations go with them.
    await trx.deleteFrom('builds').where('id', 'in', builds).execute()
    return recordErasure(trx, { builds, logs: [...builds, ...releases, ...installations] })
  })
}

/**
 * Removes an app with its pushes. Throws 409, and removes nothing, while an instance of it exists or a push is under way:
 * what runs is ended for itself, and first.
 */
export function deleteApp(db: Database<ServerTables>, appId: AppId): Promise<Pruned> {
  return transaction(db, async (trx) => {
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
    // Everything of its pushes goes with it.
    await trx.deleteFrom('apps').where('id', '=', appId).execute()
    return recordErasure(trx, { builds, logs: [...builds, ...releases, ...installations] })
  })
}

/** What tells files apart: ids that have a row, and ids that had one. */
export interface FileOwners {
  /** Builds that are revisions. */
  readonly complete: ReadonlySet<string>
  readonly all: ReadonlySet<string>
  /** Deleted by this database. */
  readonly erased: ReadonlySet<string>
}

/** Every id that files may belong to. An id in none of the sets is not of this database. */
export async function listFileOwners(db: Database<ServerTables>): Promise<FileOwners> {
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

/** The files of everything that was deleted are gone, and a power cut does not bring them back. */
export async function forgetErasures(db: Database<ServerTables>): Promise<void> {
  await db.deleteFrom('erasures').execute()
}

/** In the transaction that deletes the rows, or a crash before the files are deleted would leave them unowned. */
async function recordErasure(trx: Database<ServerTables>, pruned: Pruned): Promise<Pruned> {
  const ids = [...new Set([...pruned.builds, ...pruned.logs])]
  for (let at = 0; at < ids.length; at += ROWS_AT_ONCE)
    await trx
      .insertInto('erasures')
      .values(ids.slice(at, at + ROWS_AT_ONCE).map((id) => ({ id })))
      .onConflict((clash) => clash.doNothing())
      .execute()
  return pruned
}

/** Databases bound the parameters of a statement. */
const ROWS_AT_ONCE = 1000

async function oldBuilds(
  db: Database<ServerTables>,
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
    .orderBy('created_at_ms', 'desc')
    .orderBy('id', 'desc')
    .offset(kept)
    .limit(1000)
    .execute()
  return rows.map(({ id }) => id)
}

async function releasesOf(db: Database<ServerTables>, builds: readonly BuildId[]): Promise<ReleaseId[]> {
  const rows = await db.selectFrom('releases').select('id').where('build_id', 'in', builds).execute()
  return rows.map(({ id }) => id)
}

async function installationsOf(
  db: Database<ServerTables>,
  releases: readonly ReleaseId[],
): Promise<InstallationId[]> {
  const rows = await db.selectFrom('installations').select('id').where('release_id', 'in', releases).execute()
  return rows.map(({ id }) => id)
}
