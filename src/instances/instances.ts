import type { ExpressionBuilder } from 'kysely'
import { type Override, applyOverrides } from '../access/index.ts'
import { releaseCollection } from '../collections/index.ts'
import type { Commit } from '../directory-sync/index.ts'
import { type Database, jsonArrayFrom } from '../storage/index.ts'
import { notFound } from '../kernel/http-error.ts'
import type { AppId, BuildId, CollectionId, InstanceId, ReleaseId, UserId } from '../kernel/ids.ts'
import { parseMicros, type RevisionMicro, type Channel } from '../projects/index.ts'
import type { InstancesTables } from './schema.ts'

/** An app as it runs for one person: its own host, keys and data, and the revision that serves now. */
export interface Instance {
  readonly id: InstanceId
  readonly appId: AppId
  readonly appName: string
  readonly ownerId: UserId
  /** The build whose code serves. */
  readonly buildId: BuildId
  readonly releaseId: ReleaseId
  readonly channel: Channel
  /** The host label. */
  readonly alias: string
  readonly revisionTag: string
  /** Media type of the revision's icon, null without one. */
  readonly iconType: string | null
  /** Of the revision's Spacefile. */
  readonly autoPwa: boolean
  /** Digest of `DETA_API_KEY`. */
  readonly internalKeyDigest: string
  readonly collectionId: CollectionId
  readonly updatedAtMs: number
  /** Those of the revision, before overrides. */
  readonly micros: readonly RevisionMicro[]
  /** Restrictions of its owner on what the revision opens. */
  readonly overrides: readonly Override[]
  /** Custom domains that are active. */
  readonly domains: readonly string[]
}

export interface InstanceFilter {
  readonly appId?: string | undefined
  readonly channel?: string | undefined
  readonly alias?: string | undefined
  /** An active custom domain. */
  readonly domain?: string | undefined
}

/** The owner's instances, last updated first. */
export async function listInstances(
  db: Database<InstancesTables>,
  ownerId: UserId,
  { appId, channel, alias, domain }: InstanceFilter = {},
): Promise<Instance[]> {
  let query = instances(db).where('instances.owner_id', '=', ownerId)
  if (appId) query = query.where('instances.app_id', '=', appId as AppId)
  if (channel) query = query.where('instances.channel', '=', channel as Channel)
  if (alias) query = query.where('instances.alias', '=', alias)
  if (domain) query = query.where('instances.id', 'in', instancesAt(db, domain))
  return (await query.orderBy('instances.updated_at_ms', 'desc').execute()).map(instanceOf)
}

const instancesAt = (db: Database<InstancesTables>, domain: string) =>
  db.selectFrom('domains').select('instance_id').where('name', '=', domain).where('status', '=', 'active')

/** Throws 404, also for an instance of another person. */
export async function requireInstance(
  db: Database<InstancesTables>,
  ownerId: UserId,
  id: string,
): Promise<Instance> {
  const row = await instances(db)
    .where('instances.id', '=', id as InstanceId)
    .where('instances.owner_id', '=', ownerId)
    .executeTakeFirst()
  if (!row) throw notFound('There is no such app instance')
  return instanceOf(row)
}

/** The micros of an instance as gateways decide by them: with the overrides of its owner. */
export const effectiveMicros = ({
  micros,
  overrides,
}: Pick<Instance, 'micros' | 'overrides'>): RevisionMicro[] => applyOverrides(micros, overrides)

/** The instance under this name, of any owner: not for answers to a person. */
export async function findInstanceAt(
  db: Database<InstancesTables>,
  name: { alias: string } | { domain: string },
): Promise<Instance | null> {
  const query =
    'alias' in name
      ? instances(db).where('instances.alias', '=', name.alias)
      : instances(db).where('instances.id', 'in', instancesAt(db, name.domain))
  const row = await query.executeTakeFirst()
  return row ? instanceOf(row) : null
}

/** Of any owner: not for answers to a person. */
export async function getInstance(db: Database<InstancesTables>, id: InstanceId): Promise<Instance | null> {
  const row = await instances(db).where('instances.id', '=', id).executeTakeFirst()
  return row ? instanceOf(row) : null
}

/** The owner's own instance of an app, which every push updates; null before the first. */
export async function getBuilderInstance(
  db: Database<InstancesTables>,
  appId: AppId,
): Promise<Instance | null> {
  const row = await instances(db)
    .where('instances.app_id', '=', appId)
    .where('instances.channel', '=', 'development')
    .executeTakeFirst()
  return row ? instanceOf(row) : null
}

/** The instances of all people, for the directory. */
export async function listAllInstances(db: Database<InstancesTables>): Promise<Instance[]> {
  return (await instances(db).execute()).map(instanceOf)
}

export interface InstanceEnd {
  /** Keep its collection as a headless one; otherwise it is deleted. */
  readonly keepsData: boolean
}

/**
 * Deletes the instance with its keys, values and domains; its app and revisions stay. `CollectionService.settle`
 * completes what happens to its data.
 */
export async function deleteInstance(
  commit: Commit<InstancesTables>,
  { id, collectionId }: Pick<Instance, 'id' | 'collectionId'>,
  end: InstanceEnd,
): Promise<void> {
  await commit.trx.deleteFrom('instances').where('id', '=', id).execute()
  await releaseCollection(commit, collectionId, end)
  // Gateways delete its keys and sessions with it.
  commit.record({ op: 'instance.refresh', id })
}

/** Read in one statement with the revision, so that a published entry never mixes two states. */
const overridesOf = (instance: ExpressionBuilder<InstancesTables, 'instances'>) =>
  instance
    .selectFrom('access_overrides')
    .select(['micro', 'kind', 'pattern'])
    .whereRef('instance_id', '=', 'instances.id')
    .orderBy('position')

const domainsOf = (instance: ExpressionBuilder<InstancesTables, 'instances'>) =>
  instance
    .selectFrom('domains')
    .select('domains.name')
    .whereRef('instance_id', '=', 'instances.id')
    .where('status', '=', 'active')
    .orderBy('active_at_ms')
    .orderBy('domains.id')

const instances = (db: Database<InstancesTables>) =>
  db
    .selectFrom('instances')
    .innerJoin('apps', 'apps.id', 'instances.app_id')
    .innerJoin('builds', 'builds.id', 'instances.build_id')
    .innerJoin('releases', 'releases.id', 'instances.release_id')
    .innerJoin('builds as pushed', 'pushed.id', 'releases.build_id')
    .selectAll('instances')
    .select(['apps.name as app_name', 'pushed.tag', 'builds.icon_type', 'builds.auto_pwa', 'builds.micros'])
    .select((instance) => [
      jsonArrayFrom(db, overridesOf(instance)).as('overrides'),
      jsonArrayFrom(db, domainsOf(instance)).as('domains'),
    ])

type InstanceRow = InstancesTables['instances'] & {
  app_name: string
  tag: string
  icon_type: string | null
  auto_pwa: number
  micros: string | null
  overrides: string
  domains: string
}

const instanceOf = (row: InstanceRow): Instance => ({
  id: row.id,
  appId: row.app_id,
  appName: row.app_name,
  ownerId: row.owner_id,
  buildId: row.build_id,
  releaseId: row.release_id,
  channel: row.channel,
  alias: row.alias,
  revisionTag: row.tag,
  iconType: row.icon_type,
  autoPwa: row.auto_pwa !== 0,
  internalKeyDigest: row.internal_key_digest,
  collectionId: row.collection_id,
  updatedAtMs: row.updated_at_ms,
  micros: parseMicros(row.micros),
  overrides: JSON.parse(row.overrides) as Override[],
  domains: (JSON.parse(row.domains) as { name: string }[]).map(({ name }) => name),
})
