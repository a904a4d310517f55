import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isDiskFull } from '../disk/index.ts'
import { discard } from './discard.ts'
import { type Holds, createHolds } from './holds.ts'
import { kindBelow } from './kind-below.ts'
import { BUILD_LIMITS } from './limits.ts'
import { normalisePermissions } from './normalise-permissions.ts'
import { copyTree, linkTree } from './reuse/link-tree.ts'

/**
 * Installed `node_modules`, kept for later builds with the same lockfile: most pushes change code, not dependencies.
 * Only installs without scripts are kept (see hasNoInstallScripts): their result depends only on package.json and the
 * lockfile, so apps may share it. The folder belongs to the server; no build can write to it.
 */
export interface NodeModulesCache {
  /**
   * Copies the tree into the work folder. False if there is no tree of that key. `isRead`: no one will write to the
   * files, which then share their content with the tree.
   */
  restore(key: string, workDir: string, options?: { readonly isRead?: boolean }): Promise<boolean>
  /** Keeps the tree of the work folder if the disk has space. Call it before any code of the app has run. */
  keep(key: string, workDir: string): Promise<void>
}

export function treeKey(packageJson: string, lock: string): string {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}-${process.version}\n`)
  return hash.update(`${packageJson.length}\n`).update(packageJson).update(lock).digest('hex')
}

/** `holds` protects trees, as `trees/<key>`, while they are copied. */
export function openNodeModulesCache(dir: string, holds: Holds = createHolds()): NodeModulesCache {
  return {
    restore: async (key, workDir, { isRead = false } = {}) => {
      using _ = holds.hold(treeUnit(key))
      const tree = join(dir, key)
      if ((await stat(tree).catch(() => null)) === null) return false
      const target = join(workDir, 'node_modules')
      await (isRead ? linkTree(tree, target) : copyTree(tree, target))
      const now = new Date()
      await utimes(tree, now, now)
      return true
    },
    keep: async (key, workDir) => {
      // npm makes no folder when there is nothing to install.
      if ((await kindBelow(workDir, 'node_modules')) !== 'folder') return
      await mkdir(dir, { recursive: true, mode: 0o700 })
      const name = `${key}.${randomUUID()}`
      using _ = holds.hold(treeUnit(name))
      const draft = join(dir, name)
      try {
        await copyTree(join(workDir, 'node_modules'), draft)
        // A tree above the limits of a revision is too large to keep; the build itself reports that.
        const bytes = await normalisePermissions(draft, 'it').catch(() => Number.POSITIVE_INFINITY)
        if (bytes <= BUILD_LIMITS.keptTreeBytes) await rename(draft, join(dir, key)).catch(ignoreExisting)
      } catch (error) {
        if (!isDiskFull(error)) throw error
      } finally {
        await rm(draft, { recursive: true, force: true })
      }
      await dropOldest(dir, holds)
    },
  }
}

/** Another build has kept the same tree at the same time. */
function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
}

const treeUnit = (name: string): string => `trees/${name}`

async function dropOldest(dir: string, holds: Holds): Promise<void> {
  const trees = await Promise.all(
    (await readdir(dir)).map(async (name) => {
      const found = await stat(join(dir, name)).catch(() => null)
      return { name, usedMs: found?.mtimeMs ?? 0 }
    }),
  )
  const surplus = trees.sort((a, b) => b.usedMs - a.usedMs).slice(BUILD_LIMITS.keptTrees)
  for (const { name } of surplus)
    if (!holds.isHeld(treeUnit(name))) await discard(join(dir, name), dirname(dir))
}
