import { cp, lstat, readdir, realpath, rm } from 'node:fs/promises'
import { join, sep } from 'node:path'

/**
 * Replaces the packages of `modules` that are links into the tree `root` by copies of their targets: `file:`
 * dependencies and packages of a workspace, which would be left behind when `modules` is moved. Links of package
 * managers within `modules` stay. Without the `node_modules` of the targets, which the package manager has put into
 * `modules`, or beside the target when versions differ: those are copied.
 */
export async function resolveLinkedPackages(modules: string, root: string): Promise<void> {
  const [realRoot, realModules] = [await realpath(root), await realpath(modules)]
  for (const path of await packagesIn(modules)) {
    if (!(await lstat(path)).isSymbolicLink()) continue
    const target = await realpath(path).catch(() => null)
    if (target === null || !isBelow(target, realRoot) || isBelow(target, realModules)) continue
    // A package that contains `modules` cannot be copied into it.
    if (isBelow(realModules, target)) continue
    await rm(path)
    await cp(target, path, { recursive: true, verbatimSymlinks: true })
  }
}

/** Paths of all packages, also below scopes. */
async function packagesIn(modules: string): Promise<string[]> {
  const paths: string[] = []
  for (const entry of await readdir(modules, { withFileTypes: true })) {
    const path = join(modules, entry.name)
    if (entry.name.startsWith('@') && entry.isDirectory())
      paths.push(...(await readdir(path)).map((name) => join(path, name)))
    else if (!entry.name.startsWith('.')) paths.push(path)
  }
  return paths
}

const isBelow = (path: string, root: string): boolean => path === root || path.startsWith(root + sep)
