import type { Override } from '../access/index.ts'
import { type Database, transaction } from '../storage/index.ts'
import type { InstanceId } from '../kernel/ids.ts'
import { trackExposure } from './open-since.ts'
import type { AppsTables } from '../projects/index.ts'

/** Replaces what the owner took back of an instance, all of it or nothing. The caller publishes it. */
export function replaceOverrides(
  db: Database<AppsTables>,
  instanceId: InstanceId,
  overrides: readonly Override[],
  nowMs: number,
): Promise<void> {
  return transaction(db, async (trx) => {
    await trx.deleteFrom('access_overrides').where('instance_id', '=', instanceId).execute()
    const rows = overrides.map(({ micro, kind, pattern }, position) => ({
      instance_id: instanceId,
      position,
      micro,
      kind,
      pattern,
    }))
    if (rows.length > 0) await trx.insertInto('access_overrides').values(rows).execute()
    await trackExposure(trx, instanceId, nowMs)
  })
}
