import type { CollectionId } from '../kernel/ids.ts'
import type { Database } from '../storage/index.ts'
import type { CollectionsTables } from './schema.ts'

/** Before the folder may exist: after a crash it is erased, not moved aside. */
export async function recordErasure(db: Database<CollectionsTables>, id: CollectionId): Promise<void> {
  await db.insertInto('collection_erasures').values({ id }).execute()
}

export async function listErasures(db: Database<CollectionsTables>): Promise<CollectionId[]> {
  return (await db.selectFrom('collection_erasures').select('id').execute()).map(({ id }) => id)
}

/** Call it when the files are gone. */
export async function forgetErasure(db: Database<CollectionsTables>, id: CollectionId): Promise<void> {
  await db.deleteFrom('collection_erasures').where('id', '=', id).execute()
}

/** Of all people. */
export async function listCollectionIds(db: Database<CollectionsTables>): Promise<CollectionId[]> {
  return (await db.selectFrom('collections').select('id').orderBy('id').execute()).map(({ id }) => id)
}

/** Every id that a folder of a collection may have: of a row, or of files that are still to be erased. */
export async function listFolderNames(db: Database<CollectionsTables>): Promise<ReadonlySet<string>> {
  return new Set([...(await listCollectionIds(db)), ...(await listErasures(db))])
}
