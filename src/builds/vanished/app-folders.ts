import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

const MAX_DEPTH = 6
const MAX_FOLDERS = 5_000

/** Below these, a package manager has written; what lies in them is not the app's own. */
export const PACKAGE_FOLDERS = ['node_modules', 'site-packages', '.python_packages', '.python_server']
const SKIPPED = ['.git', '.next', '.output', 'target']

/**
 * Folders of an app with the names in them, bounded in depth and number: the app decides how many there are. Folders of
 * packages are given, their subfolders are not. Links are not followed.
 */
export async function* appFolders(root: string): AsyncGenerator<{
  readonly dir: string
  readonly names: ReadonlySet<string>
  readonly isPackages: boolean
}> {
  const pending = [{ dir: root, depth: 0, isPackages: false }]
  for (let count = 0; pending.length > 0 && count < MAX_FOLDERS; count += 1) {
    const { dir, depth, isPackages } = pending.shift()!
    const entries = await readdir(dir, { withFileTypes: true }).catch(() => [])
    yield { dir, names: new Set(entries.map(({ name }) => name)), isPackages }
    if (isPackages || depth === MAX_DEPTH) continue
    for (const entry of entries)
      if (entry.isDirectory() && !SKIPPED.includes(entry.name))
        pending.push({
          dir: join(dir, entry.name),
          depth: depth + 1,
          isPackages: PACKAGE_FOLDERS.includes(entry.name),
        })
  }
}
