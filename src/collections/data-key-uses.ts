import type { DataKeyId } from '../kernel/ids.ts'
import { type Database, transaction } from '../storage/index.ts'
import type { CollectionsTables } from './schema.ts'

export interface DataKeyUse {
  readonly id: string
  readonly lastAtMs: number
}

/** Notes when keys were last used; uses of keys that are gone are dropped. */
export async function noteDataKeyUses(
  db: Database<CollectionsTables>,
  uses: readonly DataKeyUse[],
): Promise<void> {
  if (uses.length === 0) return
  await transaction(db, async (trx) => {
    for (const { id, lastAtMs } of uses)
      await trx
        .updateTable('data_keys')
        .set({ last_used_at_ms: lastAtMs })
        .where('id', '=', id as DataKeyId)
        // Reports of two processes may arrive in another order.
        .where((e) => e.or([e('last_used_at_ms', 'is', null), e('last_used_at_ms', '<', lastAtMs)]))
        .execute()
  })
}
