import { discardContents } from './contents.ts'
import type { WriteScope } from './scope.ts'
import { addUsage } from './usage.ts'

/** Names that lead nowhere are no error. */
export function deleteFiles(
  scope: WriteScope,
  drive: Uint8Array,
  names: readonly Uint8Array[],
): Promise<void> {
  return scope.write(async (db) => {
    const { collection } = scope
    const gone = await db
      .selectFrom('drive_files')
      .select(['content', 'size'])
      .where('collection', '=', collection)
      .where('drive', '=', drive)
      .where('name', 'in', names)
      .execute()
    if (gone.length === 0) return
    const contents = gone.map(({ content }) => content)
    await discardContents({ db, collection }, contents)
    await db
      .deleteFrom('drive_files')
      .where('collection', '=', collection)
      .where('drive', '=', drive)
      .where('name', 'in', names)
      .execute()
    const bytes = gone.reduce((sum, { size }) => sum + size, 0)
    await addUsage({ db, collection }, { files: -gone.length, bytes: -bytes })
  })
}
