import type { Commit } from '../directory-sync/index.ts'
import type { CollectionId } from '../kernel/ids.ts'
import type { Database } from '../storage/index.ts'
import { type DataForStrangers, dataKeyEntry } from './data-key.ts'
import { listDataKeys } from './data-keys.ts'
import type { CollectionsTables } from './schema.ts'

/** Null: as much as for everyone. */
export async function getDataForStrangers(
  db: Database<CollectionsTables>,
  id: CollectionId,
): Promise<DataForStrangers | null> {
  const row = await db.selectFrom('collections').select('strangers').where('id', '=', id).executeTakeFirst()
  return row?.strangers == null ? null : (JSON.parse(row.strangers) as DataForStrangers)
}

/** Applies from the next call on. Other keys of the collection are not affected. */
export async function setDataForStrangers(
  commit: Commit<CollectionsTables>,
  id: CollectionId,
  limits: DataForStrangers | null,
): Promise<void> {
  const strangers = limits && JSON.stringify(limits)
  await commit.trx.updateTable('collections').set({ strangers }).where('id', '=', id).execute()
  for (const key of await listDataKeys(commit.trx, id))
    if (key.kind === 'app') commit.record({ op: 'dataKey.put', key: dataKeyEntry(key) })
}
