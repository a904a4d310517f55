import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { linkManifest } from '../kernel/manifest-link.ts'
import { BUILD_LIMITS } from './limits.ts'

/**
 * Lets browsers fetch the web manifest of a private app: changes the pages below `root` so that they request it with
 * credentials, unless a page sets `crossorigin` itself. `root` contains regular files only (see copyStaticArtifact).
 */
export async function linkManifests(root: string): Promise<void> {
  const pages = (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /^\.html?$/i.test(extname(entry.name)))
    .slice(0, BUILD_LIMITS.compressFiles)
  for (const page of pages) await linkPage(join(page.parentPath, page.name))
}

async function linkPage(path: string): Promise<void> {
  if (Bun.file(path).size > BUILD_LIMITS.compressToBytes) return
  const html = await readFile(path)
  const linked = linkManifest(html)
  if (linked === html) return
  // The app may have made it read-only.
  await rm(path)
  await writeFile(path, linked, { flag: 'wx' })
}
