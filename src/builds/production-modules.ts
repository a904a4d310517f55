import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readPackageJson } from '../spacefile/index.ts'
import type { BuildContext } from './build-context.ts'
import { copyPath } from './copy-paths.ts'
import { kindBelow } from './kind-below.ts'
import { BUILD_LIMITS } from './limits.ts'
import { readAppFile } from './read-app-file.ts'
import { resolveLinkedPackages } from './resolve-links.ts'

/**
 * Moves the installed dependencies that the app needs to run into the artifact, with its package.json, which says how
 * Node reads its modules. For apps whose `include` names only their own files, as the TypeScript starter of Deta Space
 * does. Nothing when package.json lists no dependencies for run time: then the app has bundled them.
 */
export async function keepProductionModules({ workDir, path }: BuildContext, target: string): Promise<void> {
  const text = await readAppFile(workDir, 'package.json', BUILD_LIMITS.packageJsonBytes)
  if (text === null || readPackageJson(text).runtimeDependencies.size === 0) return
  if ((await kindBelow(target, 'package.json')) === null)
    await copyPath(workDir, 'package.json', target, false)
  // Those of a workspace are moved with it.
  if (path !== '.' || (await kindBelow(workDir, 'node_modules')) !== 'folder') return
  await resolveLinkedPackages(join(workDir, 'node_modules'), workDir)
  await rename(join(workDir, 'node_modules'), join(target, 'node_modules'))
  await removeDevelopmentPackages(workDir, target)
}

/** Removes the packages below `target` that the package-lock.json in `dir` needs for development only. */
export async function removeDevelopmentPackages(dir: string, target: string): Promise<void> {
  const lock = await readAppFile(dir, 'package-lock.json', BUILD_LIMITS.lockfileBytes)
  for (const path of lock === null ? [] : developmentPaths(lock)) await removeBelow(target, path)
}

/** Folders of packages that a package-lock.json (version 2 or 3) needs for development only. */
export function developmentPaths(lockText: string): string[] {
  try {
    const { packages } = JSON.parse(lockText) as { packages?: Record<string, { dev?: unknown }> }
    return Object.entries(packages ?? {}).flatMap(([path, locked]) =>
      locked?.dev === true && isModulePath(path) ? [path] : [],
    )
  } catch {
    return []
  }
}

const isModulePath = (path: string): boolean =>
  path.startsWith('node_modules/') && path.split('/').every((segment) => !['', '.', '..'].includes(segment))

async function removeBelow(dir: string, path: string): Promise<void> {
  // A link on the way could lead out of the artifact.
  if ((await kindBelow(dir, path)) === 'folder') await rm(join(dir, path), { recursive: true, force: true })
}
