import { readdir, rm } from 'node:fs/promises'
import { type AppsTables, listAppIds } from '../projects/index.ts'
import type { BuildCaches } from '../builds/index.ts'
import type { Database, Folders } from '../storage/index.ts'
import type { BuildId } from '../kernel/ids.ts'

export interface SpareFiles {
  readonly db: Database<AppsTables>
  readonly folders: Folders
  readonly caches: Pick<BuildCaches, 'keepOnly' | 'trim'>
}

/** At start: deletes files that earlier versions kept and that are not needed: archives of built revisions, caches of deleted apps. */
export async function clearSpareFiles({ db, folders, caches }: SpareFiles): Promise<void> {
  for (const id of await readdir(folders.uploads)) await rm(folders.archive(id as BuildId), { force: true })
  await caches.keepOnly(new Set(await listAppIds(db)))
  // Not awaited: it reads the size of every file in every cache.
  void caches.trim()
}
