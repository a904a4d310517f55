import { lstat } from 'node:fs/promises'
import { join } from 'node:path'

/** What exists at a path below `dir`. Null when a folder of the path is a link, which could point outside `dir`. */
export async function kindBelow(dir: string, path: string): Promise<'file' | 'folder' | null> {
  let at = dir
  const segments = path === '.' ? [] : path.split('/')
  for (const [index, segment] of segments.entries()) {
    at = join(at, segment)
    const stat = await lstat(at).catch(() => null)
    const isLast = index === segments.length - 1
    if (stat?.isDirectory()) continue
    return isLast && stat?.isFile() ? 'file' : null
  }
  return 'folder'
}
