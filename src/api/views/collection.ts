import type { Collection, DataKey } from '../../collections/index.ts'
import type * as contract from '../../contract/index.ts'
import { isoTime } from '../../kernel/iso-time.ts'

export const collectionAnswer = (collection: Collection): contract.Collection => ({
  id: collection.id,
  name: collection.name,
  kind: collection.kind,
  app_id: collection.appId,
  instance_id: collection.instanceId,
  created_at: isoTime(collection.createdAtMs),
})

/** What became of the data of an app that was deleted. */
export const keptAnswer = (kept: Collection | null) => ({ kept_collection: kept && collectionAnswer(kept) })

export const dataKeyAnswer = (key: DataKey): contract.DataKey => ({
  id: key.id,
  name: key.name,
  kind: key.kind,
  created_at: isoTime(key.createdAtMs),
  read_only: key.isReadOnly,
  bases: key.bases,
  drives: key.drives,
  last_used_at: key.lastUsedAtMs === null ? null : isoTime(key.lastUsedAtMs),
})
