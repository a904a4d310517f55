import type { FileKey, Scope, StoredFile, StoredPart } from './scope.ts'

export function findFile(
  { db, collection }: Scope,
  { drive, name }: FileKey,
): Promise<StoredFile | undefined> {
  return db
    .selectFrom('drive_files')
    .select(['content', 'size', 'type', 'modified_ms'])
    .where('collection', '=', collection)
    .where('drive', '=', drive)
    .where('name', '=', name)
    .executeTakeFirst()
}

/** In the order of their numbers. */
export function partsOf({ db }: Scope, content: string): Promise<StoredPart[]> {
  return db
    .selectFrom('drive_parts')
    .select(['blob', 'size', 'sums'])
    .where('content', '=', content)
    .orderBy('part')
    .execute()
}

/** In a transaction: the name leads to this content from now on. The content that it replaces is discarded. */
export async function setFile(
  scope: Scope,
  { drive, name }: FileKey,
  file: StoredFile,
): Promise<StoredFile | undefined> {
  const replaced = await findFile(scope, { drive, name })
  if (replaced) await discardContents(scope, [replaced.content])
  await scope.db
    .insertInto('drive_files')
    .values({ collection: scope.collection, drive, name, ...file })
    .onConflict((conflict) => conflict.columns(['collection', 'drive', 'name']).doUpdateSet(file))
    .execute()
  return replaced
}

/** In a transaction: their blobs become trash. */
export async function discardContents({ db, collection }: Scope, contents: readonly string[]): Promise<void> {
  if (contents.length === 0) return
  await db
    .insertInto('drive_trash')
    .columns(['blob', 'content', 'collection'])
    .expression((eb) =>
      eb
        .selectFrom('drive_parts')
        .select((part) => ['blob', 'content', part.val(collection).as('collection')])
        .where('content', 'in', contents),
    )
    .execute()
  await db.deleteFrom('drive_parts').where('content', 'in', contents).execute()
}
