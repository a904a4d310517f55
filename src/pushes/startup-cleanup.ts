import { mkdir, readdir, rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { listFolderNames } from '../collections/index.ts'
import { type FileOwners, forgetErasures, listFileOwners } from './retention.ts'
import type { Database, Folders } from '../storage/index.ts'
import { removeTree } from '../disk/index.ts'
import { syncTrees } from '../kernel/durable.ts'
import type { ExposureTables } from '../exposure/index.ts'

export interface SetAside {
  /** Where the files are now. */
  readonly folder: string
  /** Their earlier paths below the data folder, such as `revisions/bld_…`. */
  readonly names: readonly string[]
}

type Fate = 'keep' | 'erase' | 'set-aside'

/**
 * Clears what an earlier server left, before anything runs. A file is deleted only when this database has, or had, a row
 * for it: a database restored from an older backup does not know newer revisions, and the file may be the only copy of
 * one. Files without a row are moved aside. Null: there were none. Collections are never erased here: their files belong
 * to another process (`CollectionService.eraseRecorded`).
 */
export async function cleanUpAtStart(
  db: Database<ExposureTables>,
  folders: Folders,
  nowMs: number,
): Promise<SetAside | null> {
  const owners = await listFileOwners(db)
  const aside = join(folders.setAside, new Date(nowMs).toISOString().replaceAll(':', '-'))
  const names: string[] = []
  for (const folder of [folders.revisions, folders.uploads, folders.logs])
    for (const name of await readdir(folder)) {
      const fate = fateOf(name, folder === folders.logs, owners)
      if (fate === 'erase') await removeTree(join(folder, name))
      if (fate === 'set-aside' && (await moveTo(aside, folder, name)))
        names.push(`${basename(folder)}/${name}`)
    }
  const collections = await listFolderNames(db)
  for (const name of await readdir(folders.collections))
    if (!collections.has(name) && (await moveTo(aside, folders.collections, name)))
      names.push(`collections/${name}`)
  if (owners.erased.size > 0) {
    // Before the rows: a power cut could bring the files back.
    await syncTrees([folders.revisions, folders.uploads, folders.logs])
    await forgetErasures(db)
  }
  return names.length > 0 ? { folder: aside, names } : null
}

/** Folders of a build are kept when it is a revision; logs are kept with every row. */
function fateOf(name: string, isLog: boolean, { complete, all, erased }: FileOwners): Fate {
  // An upload that was cut short: it has no row, and its client got no answer.
  if (!isLog && name.startsWith('incoming-')) return 'erase'
  const id = name.replace(isLog ? /\.log$/ : /\.building$/, '')
  if (isLog ? all.has(id) : complete.has(name)) return 'keep'
  return all.has(id) || erased.has(id) ? 'erase' : 'set-aside'
}

/** False when the folder is a separate file system: the file then stays where it is. */
async function moveTo(aside: string, folder: string, name: string): Promise<boolean> {
  const target = join(aside, basename(folder))
  await mkdir(target, { recursive: true, mode: 0o700 })
  try {
    await rename(join(folder, name), join(target, name))
    return true
  } catch (error) {
    if (!['EXDEV', 'EBUSY'].includes((error as NodeJS.ErrnoException).code!)) throw error
    return false
  }
}
