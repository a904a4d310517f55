import { type Database, type Sealer, transaction } from '../storage/index.ts'
import type { InstanceId } from '../kernel/ids.ts'
import type { AppsTables } from '../projects/index.ts'

export interface EnvValue {
  readonly micro: string
  readonly name: string
  readonly value: string
}

/** The values that the owner set in place of the Spacefile's defaults, decrypted. */
export async function listEnvValues(
  db: Database<AppsTables>,
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

/** Sets all values or none. */
export function setEnvValues(
  db: Database<AppsTables>,
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

/** JSON, so that the names of two rows differ whatever characters they contain. */
const rowName = (instanceId: InstanceId, micro: string, name: string) =>
  `env_values/${JSON.stringify([instanceId, micro, name])}`
