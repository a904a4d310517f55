import { surfaceOf } from '../access/index.ts'
import type { Database } from '../storage/index.ts'
import type { InstanceId } from '../kernel/ids.ts'
import { getInstance, effectiveMicros } from './instances.ts'
import type { AppsTables } from '../projects/index.ts'

interface RuleName {
  readonly micro: string
  readonly pattern: string
}

export interface ExposedRule extends RuleName {
  readonly sinceMs: number
}

/**
 * Records which public rules are open, and since when. Call it in the transaction that changes a revision or an override.
 * A rule that was closed and is opened again counts from now.
 */
export async function trackExposure(
  trx: Database<AppsTables>,
  instanceId: InstanceId,
  nowMs: number,
): Promise<void> {
  const instance = await getInstance(trx, instanceId)
  const open = instance ? surfaceOf(effectiveMicros(instance)).routes : []
  const known = await listExposedRules(trx, instanceId)
  for (const { micro, pattern } of known.filter((rule) => !open.some(isSameAs(rule))))
    await trx
      .deleteFrom('exposed_rules')
      .where('instance_id', '=', instanceId)
      .where('micro', '=', micro)
      .where('pattern', '=', pattern)
      .execute()
  for (const { micro, pattern } of open.filter((route) => !known.some(isSameAs(route))))
    await trx
      .insertInto('exposed_rules')
      .values({ instance_id: instanceId, micro, pattern, since_ms: nowMs })
      .onConflict((clash) => clash.doNothing())
      .execute()
}

/** Which public rules of an instance are open, and since when; in no order. */
export async function listExposedRules(
  db: Database<AppsTables>,
  instanceId: InstanceId,
): Promise<ExposedRule[]> {
  return db
    .selectFrom('exposed_rules')
    .select(['micro', 'pattern', 'since_ms as sinceMs'])
    .where('instance_id', '=', instanceId)
    .execute()
}

const isSameAs = (a: RuleName) => (b: RuleName) => a.micro === b.micro && a.pattern === b.pattern
