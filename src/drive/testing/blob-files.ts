import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { TestDrive } from './test-drive.ts'

export const collectionOf = (at: TestDrive): string => at.root.split('/').at(-2)!
export const folderOf = (at: TestDrive): string => join(at.dir, collectionOf(at), 'drive')

/** Paths of all blobs on the disk. */
export function blobFiles(at: TestDrive): string[] {
  const root = join(folderOf(at), 'blobs')
  if (!existsSync(root)) return []
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((path) => join(root, path))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
}
