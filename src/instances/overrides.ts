import type { Override } from '../access/index.ts'
import type { Commit } from '../directory-sync/index.ts'
import type { InstanceId } from '../kernel/ids.ts'
import { trackExposure } from './open-since.ts'
import type { AppsTables } from '../projects/index.ts'

/** Replaces the whole list of the owner's overrides of an instance. */
export async function replaceOverrides(
  commit: Commit<AppsTables>,
  instanceId: InstanceId,
  overrides: readonly Override[],
  nowMs: number,
): Promise<void> {
  const { trx } = commit
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
  commit.record({ op: 'instance.refresh', id: instanceId })
}
