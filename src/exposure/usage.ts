import { type Database, transaction } from '../storage/index.ts'
import type { InstanceId } from '../kernel/ids.ts'
import type { ExposureTables } from './schema.ts'

/** How often one rule, key or session was used since the last report. */
export interface UseCount {
  readonly kind: 'rule' | 'key' | 'session'
  readonly instanceId: string
  /** Id of the key or the session; of a rule `<micro> <pattern>`. */
  readonly id: string
  readonly count: number
  readonly lastAtMs: number
}

/** Count and time of the last use, over all days that are kept. */
export interface Use {
  readonly count: number
  readonly lastAtMs: number
}

const DAY_MS = 24 * 60 * 60 * 1_000
export const KEPT_DAYS = 400
/** Rows of one statement: which binds 32,766 values at most. */
const BATCH = 500

const dayOf = (ms: number): number => Math.floor(ms / DAY_MS)

/** Adds counts to those that are stored. Counts of instances that do not exist are dropped. */
export async function addUses(db: Database<ExposureTables>, counts: readonly UseCount[]): Promise<void> {
  for (let from = 0; from < counts.length; from += BATCH) await addBatch(db, counts.slice(from, from + BATCH))
}

function addBatch(db: Database<ExposureTables>, counts: readonly UseCount[]): Promise<void> {
  return transaction(db, async (trx) => {
    const ids = [...new Set(counts.map(({ instanceId }) => instanceId as InstanceId))]
    const there = await trx.selectFrom('instances').select('id').where('id', 'in', ids).execute()
    const known = new Set<string>(there.map(({ id }) => id))
    const rows = rowsOf(counts.filter(({ instanceId }) => known.has(instanceId)))
    if (rows.length === 0) return
    await trx
      .insertInto('uses')
      .values(rows)
      .onConflict((clash) =>
        clash.columns(['instance_id', 'kind', 'ref', 'day']).doUpdateSet((e) => ({
          count: e('uses.count', '+', e.ref('excluded.count')),
          last_at_ms: e
            .case()
            .when('uses.last_at_ms', '>', e.ref('excluded.last_at_ms'))
            .then(e.ref('uses.last_at_ms'))
            .else(e.ref('excluded.last_at_ms'))
            .end(),
        })),
      )
      .execute()
  })
}

type UseRow = ExposureTables['uses']

/** One row for each thing and day: a statement may touch a row once. */
function rowsOf(counts: readonly UseCount[]): UseRow[] {
  const rows = new Map<string, UseRow>()
  for (const { instanceId, kind, id, count, lastAtMs } of counts) {
    const day = dayOf(lastAtMs)
    const key = JSON.stringify([instanceId, kind, id, day])
    const same = rows.get(key)
    rows.set(key, {
      instance_id: instanceId as InstanceId,
      kind,
      ref: id,
      day,
      count: count + (same?.count ?? 0),
      last_at_ms: Math.max(lastAtMs, same?.last_at_ms ?? 0),
    })
  }
  return [...rows.values()]
}

/** Uses of all rules, keys or sessions of an instance, by id. */
export async function usesOf(
  db: Database<ExposureTables>,
  instanceId: InstanceId,
  kind: UseCount['kind'],
): Promise<Map<string, Use>> {
  const rows = await db
    .selectFrom('uses')
    .select((e) => [
      'ref',
      // A sum of 64-bit numbers is a decimal elsewhere.
      e.cast<number>(e.fn.sum('count'), 'bigint').as('count'),
      e.fn.max<number>('last_at_ms').as('lastAtMs'),
    ])
    .where('instance_id', '=', instanceId)
    .where('kind', '=', kind)
    .groupBy('ref')
    .execute()
  return new Map(rows.map(({ ref, count, lastAtMs }) => [ref, { count, lastAtMs }]))
}

/** Deletes the counts of days beyond those that are kept. */
export async function deleteOldUses(db: Database<ExposureTables>, nowMs: number): Promise<void> {
  await db
    .deleteFrom('uses')
    .where('day', '<', dayOf(nowMs) - KEPT_DAYS)
    .execute()
}
