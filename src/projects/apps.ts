import type { Database } from '../storage/index.ts'
import { notFound } from '../kernel/http-error.ts'
import { type AppId, type UserId, newId } from '../kernel/ids.ts'
import { slugOf } from './names.ts'
import type { AppsTables } from './schema.ts'

/** A project of its owner: what the developer pushes to. */
export interface App {
  readonly id: AppId
  readonly ownerId: UserId
  readonly name: string
  readonly alias: string
  readonly createdAtMs: number
}

export interface NewApp {
  readonly ownerId: UserId
  /** As the owner wrote it. */
  readonly name: string
  /** Begins the host names; made from the name when it is empty. */
  readonly alias: string
  readonly nowMs: number
}

/** Adds an app; it has no instance before its first push. */
export async function createApp(
  db: Database<AppsTables>,
  { ownerId, name, alias, nowMs }: NewApp,
): Promise<App> {
  const row = {
    id: newId<AppId>('app'),
    owner_id: ownerId,
    name,
    alias: slugOf(alias || name),
    created_at_ms: nowMs,
  }
  await db.insertInto('apps').values(row).execute()
  return appOf(row)
}

/** Newest first. */
export async function listApps(db: Database<AppsTables>, ownerId: UserId): Promise<App[]> {
  const rows = await db
    .selectFrom('apps')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .orderBy('created_at_ms', 'desc')
    .orderBy('id')
    .execute()
  return rows.map(appOf)
}

/** Of all people. */
export async function listAppIds(db: Database<AppsTables>): Promise<AppId[]> {
  const rows = await db.selectFrom('apps').select('id').execute()
  return rows.map(({ id }) => id)
}

/** Throws 404, also for an app of another person. */
export async function requireApp(db: Database<AppsTables>, ownerId: UserId, id: string): Promise<App> {
  const row = await db
    .selectFrom('apps')
    .selectAll()
    .where('id', '=', id as AppId)
    .where('owner_id', '=', ownerId)
    .executeTakeFirst()
  if (!row) throw notFound('There is no such project')
  return appOf(row)
}

const appOf = (row: AppsTables['apps']): App => ({
  id: row.id,
  ownerId: row.owner_id,
  name: row.name,
  alias: row.alias,
  createdAtMs: row.created_at_ms,
})
