import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type AppsTables, endInterruptedOperations } from '../projects/index.ts'
import { listKeptIds } from './retention.ts'
import type { BuildCaches } from '../builds/index.ts'
import type { Database, Folders } from '../storage/index.ts'
import { removeTree } from '../disk/index.ts'
import type { BuildId } from '../kernel/ids.ts'

/**
 * At start, before anything runs: what an ended server left under way is marked as ended, and files that no row speaks
 * of are removed. What serves is a complete revision and so is never touched.
 */
export async function cleanUpAtStart(
  db: Database<AppsTables>,
  folders: Folders,
  caches: Pick<BuildCaches, 'keepOnly'>,
): Promise<void> {
  await endInterruptedOperations(db)
  const { apps, complete, all } = await listKeptIds(db)
  await removeUnless(folders.revisions, (name) => complete.has(name))
  await removeUnless(folders.uploads, (name) => complete.has(name))
  await removeUnless(folders.logs, (name) => all.has(name.replace(/\.log$/, '')))
  // Of revisions that were built before a restart.
  for (const id of await readdir(folders.uploads)) await rm(folders.archive(id as BuildId), { force: true })
  await caches.keepOnly(apps)
}

async function removeUnless(folder: string, isKept: (name: string) => boolean): Promise<void> {
  for (const name of await readdir(folder)) if (!isKept(name)) await removeTree(join(folder, name))
}
