import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type AppsTables, endInterruptedWork, listKeptIds } from '../apps/index.ts'
import type { Database } from '../db/index.ts'
import type { Folders } from './folders.ts'

/**
 * At start, before anything runs: what an ended server left under way is marked as ended, and files that no row speaks
 * of are removed. What serves is a complete revision and so is never touched.
 */
export async function clearLeftovers(db: Database<AppsTables>, folders: Folders): Promise<void> {
  await endInterruptedWork(db)
  const { complete, all } = await listKeptIds(db)
  await removeUnless(folders.revisions, (name) => complete.has(name))
  await removeUnless(folders.uploads, (name) => complete.has(name))
  await removeUnless(folders.logs, (name) => all.has(name.replace(/\.log$/, '')))
}

async function removeUnless(folder: string, isKept: (name: string) => boolean): Promise<void> {
  for (const name of await readdir(folder))
    if (!isKept(name)) await rm(join(folder, name), { recursive: true, force: true })
}
