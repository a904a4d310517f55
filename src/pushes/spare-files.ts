import { readdir, rm } from 'node:fs/promises'
import { listAppIds } from '../projects/index.ts'
import type { BuildCaches } from '../builds/index.ts'
import type { Database, Folders } from '../storage/index.ts'
import type { BuildId } from '../kernel/ids.ts'
import type { ServerTables } from './schema.ts'

export interface SpareFiles {
  readonly db: Database<ServerTables>
  readonly folders: Folders
  readonly caches: Pick<BuildCaches, 'keepOnly' | 'trim'>
}

/** At start: removes what earlier versions kept and nothing needs: archives that are built, caches of deleted apps. */
export async function clearSpareFiles({ db, folders, caches }: SpareFiles): Promise<void> {
  for (const id of await readdir(folders.uploads)) await rm(folders.archive(id as BuildId), { force: true })
  await caches.keepOnly(new Set(await listAppIds(db)))
  // Looks at every file of every cache, so nothing waits for it.
  void caches.trim()
}
