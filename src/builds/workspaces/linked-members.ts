import { lstat, realpath } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { readPackageJson } from '../../spacefile/index.ts'
import { BUILD_LIMITS } from '../limits.ts'
import { readAppFile } from '../read-app-file.ts'

/**
 * Members of a workspace that the member at `path` needs to run, itself first: those that its dependencies for run time
 * lead to by links in `node_modules`, and their dependencies. Paths below `root`.
 */
export async function linkedMembers(root: string, path: string): Promise<string[]> {
  const realRoot = await realpath(root)
  const members = [path]
  for (const member of members) {
    const text = await readAppFile(join(root, member), 'package.json', BUILD_LIMITS.packageJsonBytes)
    for (const name of text === null ? [] : readPackageJson(text).runtimeDependencies) {
      const found = await memberAt(realRoot, [join(root, member), root], name)
      if (found !== null && !members.includes(found)) members.push(found)
    }
  }
  return members
}

/** The path of the member that `node_modules/<name>` of the first folder that has it is a link to. */
async function memberAt(realRoot: string, dirs: readonly string[], name: string): Promise<string | null> {
  for (const dir of dirs) {
    const link = join(dir, 'node_modules', name)
    const stat = await lstat(link).catch(() => null)
    if (stat === null) continue
    if (!stat.isSymbolicLink()) return null
    const target = await realpath(link).catch(() => null)
    const path = target === null ? '..' : relative(realRoot, target)
    return path === '' || path.split(sep).some((segment) => segment === '..' || segment === 'node_modules')
      ? null
      : path
  }
  return null
}
