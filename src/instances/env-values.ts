import { type Database, type Sealer, transaction } from '../storage/index.ts'
import type { InstanceId } from '../kernel/ids.ts'
import type { InstancesTables } from './schema.ts'

export interface EnvValue {
  readonly micro: string
  readonly name: string
  readonly value: string
}

/** What the owner set over the Spacefile's defaults, readable. */
export async function listEnvValues(
  db: Database<InstancesTables>,
  sealer: Sealer,
  instanceId: InstanceId,
): Promise<EnvValue[]> {
  const rows = await db.selectFrom('env_values').selectAll().where('instance_id', '=', instanceId).execute()
  return rows.map(({ micro, name, value_sealed }) => ({
    micro,
    name,
    value: sealer.open(value_sealed, rowName(instanceId, micro, name)),
  }))
}

/** Sets each value, or all of them not. */
export function setEnvValues(
  db: Database<InstancesTables>,
  sealer: Sealer,
  instanceId: InstanceId,
  values: readonly EnvValue[],
): Promise<void> {
  return transaction(db, async (trx) => {
    for (const { micro, name, value } of values) {
      const value_sealed = sealer.seal(value, rowName(instanceId, micro, name))
      await trx
        .insertInto('env_values')
        .values({ instance_id: instanceId, micro, name, value_sealed })
        .onConflict((clash) => clash.columns(['instance_id', 'micro', 'name']).doUpdateSet({ value_sealed }))
        .execute()
    }
  })
}

/** JSON, so that no two rows share a name whatever characters theirs hold. */
const rowName = (instanceId: InstanceId, micro: string, name: string) =>
  `env_values/${JSON.stringify([instanceId, micro, name])}`
