import type { Commit } from '../directory-sync/index.ts'
import { type Database, transaction } from '../storage/index.ts'
import { HttpError, conflict, notFound } from '../kernel/http-error.ts'
import { type DomainId, type InstanceId, type UserId, newId, randomText } from '../kernel/ids.ts'
import { type Domain, domainOf } from './domain-model.ts'
import { DOMAIN_LIMITS } from './limits.ts'
import type { AppsTables, DomainFinding, DomainProof } from '../projects/index.ts'

export interface NewDomain {
  readonly instanceId: InstanceId
  /** As `parseDomainName` returns it. */
  readonly name: string
  /** The owner has confirmed that another app loses the domain once this one has the proof. */
  readonly assignAnyway: boolean
  /** Domains that one instance may have. */
  readonly most: number
  readonly nowMs: number
}

/** Adds a pending domain. Throws 409 `in_use` while another app has it, `conflict` when the instance has too many. */
export function addDomain(
  db: Database<AppsTables>,
  { instanceId, name, assignAnyway, most, nowMs }: NewDomain,
): Promise<Domain> {
  const row = {
    id: newId<DomainId>('dom'),
    instance_id: instanceId,
    name,
    token: randomText(32),
    status: 'pending',
    proof: null,
    finding: null,
    created_at_ms: nowMs,
    checked_at_ms: null,
    next_check_at_ms: nextCheckMs(nowMs, nowMs),
    active_at_ms: null,
  } as const
  return transaction(db, async (trx) => {
    const known = await listDomains(trx, instanceId)
    if (known.some((domain) => domain.name === name)) throw conflict(`This app has ${name} already.`)
    if (known.length >= most) throw conflict(`An app has ${most} domains at most; remove one first.`)
    if (!assignAnyway && (await isActive(trx, name))) throw inUse(name)
    await trx.insertInto('domains').values(row).execute()
    return domainOf(row)
  })
}

async function isActive(db: Database<AppsTables>, name: string): Promise<boolean> {
  const active = db.selectFrom('domains').select('id').where('name', '=', name).where('status', '=', 'active')
  return (await active.executeTakeFirst()) !== undefined
}

const inUse = (name: string) =>
  new HttpError(
    409,
    'in_use',
    `Another app is served at ${name}. The domain would move to this app once DNS proves that it is yours.`,
  )

/** In the order in which they were added. */
export async function listDomains(db: Database<AppsTables>, instanceId: InstanceId): Promise<Domain[]> {
  const rows = db.selectFrom('domains').selectAll().where('instance_id', '=', instanceId)
  return (await rows.orderBy('created_at_ms').orderBy('id').execute()).map(domainOf)
}

/** Throws 404 when the instance has no such domain. */
export async function requireDomain(
  db: Database<AppsTables>,
  instanceId: InstanceId,
  id: string,
): Promise<Domain> {
  const domain = (await listDomains(db, instanceId)).find((one) => one.id === id)
  if (!domain) throw notFound('There is no such domain')
  return domain
}

/** The names under which instances of this person answer. */
export async function listDomainNames(db: Database<AppsTables>, ownerId: UserId): Promise<string[]> {
  const rows = await db
    .selectFrom('domains')
    .innerJoin('instances', 'instances.id', 'instance_id')
    .select('name')
    .where('owner_id', '=', ownerId)
    .where('status', '=', 'active')
    .execute()
  return rows.map(({ name }) => name)
}

/** The domains whose check is due, those that wait longest first, up to the number of one run. */
export async function listDueDomains(db: Database<AppsTables>, nowMs: number): Promise<Domain[]> {
  const rows = await db
    .selectFrom('domains')
    .selectAll()
    .where('next_check_at_ms', '<=', nowMs)
    .orderBy('next_check_at_ms')
    .limit(DOMAIN_LIMITS.checksPerRun)
    .execute()
  return rows.map(domainOf)
}

/** Stores the result of a check, and the time of the next. */
export async function noteDomainCheck(
  db: Database<AppsTables>,
  domain: Domain,
  { finding, nowMs }: { finding: DomainFinding; nowMs: number },
): Promise<void> {
  await db
    .updateTable('domains')
    .set({ finding, checked_at_ms: nowMs, next_check_at_ms: nextCheckMs(domain.createdAtMs, nowMs) })
    .where('id', '=', domain.id)
    .where('status', '=', 'pending')
    .execute()
}

/**
 * The instance answers under the domain from now on, and no other does. Returns the instance that lost it, or null.
 * `proof` `owner` takes no domain from another app: throws 409 `in_use`. Throws 404 when the domain does not exist any more.
 */
export async function activateDomain(
  commit: Commit<AppsTables>,
  { id, instanceId }: Pick<Domain, 'id' | 'instanceId'>,
  { proof, nowMs }: { proof: DomainProof; nowMs: number },
): Promise<InstanceId | null> {
  const { trx } = commit
  const { name } = await requireDomain(trx, instanceId, id)
  const others = trx.deleteFrom('domains').where('name', '=', name).where('status', '=', 'active')
  const lost = await others.where('id', '<>', id).returning('instance_id').executeTakeFirst()
  if (lost && proof === 'owner') throw inUse(name)
  await trx
    .updateTable('domains')
    .set({ status: 'active', proof, finding: null, active_at_ms: nowMs, next_check_at_ms: null })
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .execute()
  // The other instance first: otherwise gateways would have the host on two entries for a moment.
  if (lost) commit.record({ op: 'instance.refresh', id: lost.instance_id })
  commit.record({ op: 'instance.refresh', id: instanceId })
  return lost?.instance_id ?? null
}

/** Returns the row as it was; the caller ends the sessions on the host. Throws 404 when there is no such domain. */
export async function deleteDomain(commit: Commit<AppsTables>, { id }: Pick<Domain, 'id'>): Promise<Domain> {
  const row = await commit.trx.deleteFrom('domains').where('id', '=', id).returningAll().executeTakeFirst()
  if (!row) throw notFound('There is no such domain')
  commit.record({ op: 'instance.refresh', id: row.instance_id })
  return domainOf(row)
}

/** Null once the time for automatic checks is over: then only its owner checks. */
function nextCheckMs(createdAtMs: number, nowMs: number): number | null {
  const waitedMs = nowMs - createdAtMs
  const { min, max } = DOMAIN_LIMITS.checkPauseMs
  if (waitedMs >= DOMAIN_LIMITS.checkedForMs) return null
  return nowMs + Math.min(max, Math.max(min, Math.ceil(waitedMs / 4)))
}
