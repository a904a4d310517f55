import { sql } from 'kysely'
import { type Database, transaction } from '../storage/index.ts'
import type { InstanceId } from '../kernel/ids.ts'
import type { AppsTables } from '../projects/index.ts'

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
/** Rows of one statement: SQLite binds 32,766 values. */
const BATCH = 500

const dayOf = (ms: number): number => Math.floor(ms / DAY_MS)

/** Adds counts to those that are stored. Counts of instances that do not exist are dropped. */
export async function addUses(db: Database<AppsTables>, counts: readonly UseCount[]): Promise<void> {
  for (let from = 0; from < counts.length; from += BATCH) await addBatch(db, counts.slice(from, from + BATCH))
}

function addBatch(db: Database<AppsTables>, counts: readonly UseCount[]): Promise<void> {
  return transaction(db, async (trx) => {
    const ids = [...new Set(counts.map(({ instanceId }) => instanceId as InstanceId))]
    const there = await trx.selectFrom('instances').select('id').where('id', 'in', ids).execute()
    const known = new Set<string>(there.map(({ id }) => id))
    const rows = counts
      .filter(({ instanceId }) => known.has(instanceId))
      .map(({ instanceId, kind, id, count, lastAtMs }) => ({
        instance_id: instanceId as InstanceId,
        kind,
        ref: id,
        day: dayOf(lastAtMs),
        count,
        last_at_ms: lastAtMs,
      }))
    if (rows.length === 0) return
    await trx
      .insertInto('uses')
      .values(rows)
      .onConflict((clash) =>
        clash.columns(['instance_id', 'kind', 'ref', 'day']).doUpdateSet({
          count: sql`uses.count + excluded.count`,
          last_at_ms: sql`max(uses.last_at_ms, excluded.last_at_ms)`,
        }),
      )
      .execute()
  })
}

/** Uses of all rules, keys or sessions of an instance, by id. */
export async function usesOf(
  db: Database<AppsTables>,
  instanceId: InstanceId,
  kind: UseCount['kind'],
): Promise<Map<string, Use>> {
  const rows = await db
    .selectFrom('uses')
    .select((e) => [
      'ref',
      e.fn.sum<number>('count').as('count'),
      e.fn.max<number>('last_at_ms').as('lastAtMs'),
    ])
    .where('instance_id', '=', instanceId)
    .where('kind', '=', kind)
    .groupBy('ref')
    .execute()
  return new Map(rows.map(({ ref, count, lastAtMs }) => [ref, { count, lastAtMs }]))
}

/** Deletes the counts of days beyond those that are kept. */
export async function deleteOldUses(db: Database<AppsTables>, nowMs: number): Promise<void> {
  await db
    .deleteFrom('uses')
    .where('day', '<', dayOf(nowMs) - KEPT_DAYS)
    .execute()
}
