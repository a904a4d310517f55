import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type AppsTables, endInterruptedOperations } from '../projects/index.ts'
import { listKeptIds } from './retention.ts'
import type { Database, Folders } from '../storage/index.ts'
import { removeTree } from '../disk/index.ts'

/**
 * At start, before anything runs: what an ended server left under way is marked as ended, and files that no row speaks
 * of are removed. What serves is a complete revision and so is never touched.
 */
export async function cleanUpAtStart(db: Database<AppsTables>, folders: Folders): Promise<void> {
  await endInterruptedOperations(db)
  const { complete, all } = await listKeptIds(db)
  await removeUnless(folders.revisions, (name) => complete.has(name))
  await removeUnless(folders.uploads, (name) => complete.has(name))
  await removeUnless(folders.logs, (name) => all.has(name.replace(/\.log$/, '')))
}

async function removeUnless(folder: string, isKept: (name: string) => boolean): Promise<void> {
  for (const name of await readdir(folder)) if (!isKept(name)) await removeTree(join(folder, name))
}
