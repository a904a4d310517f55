import type { Scope } from './scope.ts'

export interface Trash {
  readonly blob: string
  readonly content: string
}

/** By blob, after the given one. */
export function listTrash({ db, collection }: Scope, after: string, limit: number): Promise<Trash[]> {
  return db
    .selectFrom('drive_trash')
    .select(['blob', 'content'])
    .where('collection', '=', collection)
    .where('blob', '>', after)
    .orderBy('blob')
    .limit(limit)
    .execute()
}

/** Once the blobs are removed. */
export async function forgetTrash({ db, collection }: Scope, blobs: readonly string[]): Promise<void> {
  await db.deleteFrom('drive_trash').where('collection', '=', collection).where('blob', 'in', blobs).execute()
}

/** Those of the blobs that a file, an upload or the trash names. */
export async function knownBlobs({ db }: Scope, blobs: readonly string[]): Promise<Set<string>> {
  const parts = await db.selectFrom('drive_parts').select('blob').where('blob', 'in', blobs).execute()
  const trash = await db.selectFrom('drive_trash').select('blob').where('blob', 'in', blobs).execute()
  return new Set([...parts, ...trash].map(({ blob }) => blob))
}
