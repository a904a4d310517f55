import { existsSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { measureTree, removeTree } from '../disk/index.ts'
import { syncFile } from '../kernel/durable.ts'
import type { CollectionId } from '../kernel/ids.ts'
import type { CollectionFiles } from './collection-files.ts'

/** The folders below `dir` while no process has them open. It reads no file, so it knows no names. */
export const createLocalCollectionFiles = (dir: string): CollectionFiles => ({
  async erase(id) {
    await removeTree(folderOf(dir, id))
    await syncFile(dir)
  },
  size: async (id) => (await measureTree(folderOf(dir, id))).bytes,
  async copyAs(id, as) {
    if (existsSync(folderOf(dir, id))) await cp(folderOf(dir, id), folderOf(dir, as), { recursive: true })
  },
  names: async () => ({ bases: [], drives: [] }),
})

/** Throws for an id that would name another folder. */
function folderOf(dir: string, id: CollectionId): string {
  if (!/^[a-z0-9]+$/.test(id)) throw new Error(`not the id of a collection: ${id}`)
  return join(dir, id)
}
