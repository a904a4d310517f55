import type { Quota } from '../limits.ts'
import { setFile } from './contents.ts'
import type { FileKey, StoredFile, StoredPart, WriteScope } from './scope.ts'
import { addUsage } from './usage.ts'

export interface NewFile extends FileKey {
  readonly file: StoredFile
  /** Null: the file is empty. */
  readonly part: StoredPart | null
}

/** Creates or replaces a file whose content is one blob. */
export function putFile(
  scope: WriteScope,
  { drive, name, file, part }: NewFile,
  quota: Quota,
): Promise<void> {
  return scope.write(async (db) => {
    const within = { db, collection: scope.collection }
    const replaced = await setFile(within, { drive, name }, file)
    if (part)
      await db
        .insertInto('drive_parts')
        .values({ content: file.content, part: 1, ...part })
        .execute()
    const change = { files: replaced ? 0 : 1, bytes: file.size - (replaced?.size ?? 0) }
    await addUsage(within, change, quota)
  })
}
