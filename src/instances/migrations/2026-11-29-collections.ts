import type { Kysely } from 'kysely'
import type { Migration } from '../../storage/index.ts'

interface Tables {
  apps: { id: string; name: string }
  instances: {
    id: string
    app_id: string
    owner_id: string
    channel: string
    data_key_sealed: string
    created_at_ms: number
    collection_id: string | null
  }
  collections: {
    id: string
    owner_id: string
    name: string
    app_id: string | null
    created_at_ms: number
  }
  data_keys: {
    id: string
    collection_id: string
    kind: string
    name: string
    value_sealed: string
    read_only: number
    created_at_ms: number
  }
}

/** Each instance gets the collection that its data key names: apps and their users keep the same key. */
export const collections: Migration = {
  name: '2026-11-29-instances-collections',
  up: async (db: Kysely<Tables>) => {
    await db.schema
      .alterTable('instances')
      .addColumn('collection_id', 'text', (c) => c.references('collections.id'))
      .execute()
    await moveDataKeys(db)
    await db.schema
      .createIndex('instances_by_collection')
      .unique()
      .on('instances')
      .column('collection_id')
      .execute()
    await db.schema.alterTable('instances').dropColumn('data_key_sealed').execute()
  },
}

/** The values stay sealed as they are: only the start that follows has the server key (`completeDataKeys`). */
async function moveDataKeys(db: Kysely<Tables>): Promise<void> {
  const rows = await db
    .selectFrom('instances')
    .innerJoin('apps', 'apps.id', 'instances.app_id')
    .selectAll('instances')
    .select('apps.name')
    .execute()
  for (const { id, app_id, owner_id, channel, name, data_key_sealed, created_at_ms } of rows) {
    // The key was made as `<id of the instance without its prefix>_<secret>`.
    const collection_id = id.slice('inst_'.length)
    await db
      .insertInto('collections')
      .values({
        id: collection_id,
        owner_id,
        name,
        app_id: channel === 'development' ? app_id : null,
        created_at_ms,
      })
      .execute()
    await db
      .insertInto('data_keys')
      .values({
        id: `dkey_${collection_id}`,
        collection_id,
        kind: 'app',
        name: 'The app',
        value_sealed: data_key_sealed,
        read_only: 0,
        created_at_ms,
      })
      .execute()
    await db.updateTable('instances').set({ collection_id }).where('id', '=', id).execute()
  }
}
