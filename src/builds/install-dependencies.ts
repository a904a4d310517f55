import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readPackageJson } from '../spacefile/index.ts'
import { installFailure } from './blame/blame.ts'
import { findCause } from './blame/find-cause.ts'
import { installDespiteLock, isWorthRetrying, legacyPeerDeps } from './lost-tarballs/ladder.ts'
import { hasNoInstallScripts } from './lockfile-scripts.ts'
import { keyOfKeptModules } from './kept-modules.ts'
import { treeKey } from './node-modules-cache.ts'
import { BUILD_LIMITS } from './limits.ts'
import type { BuildContext, StepResult } from './build-context.ts'
import { NPM_CI_WITHOUT_SCRIPTS, type PackageManager } from './package-manager.ts'
import { readAppFile } from './read-app-file.ts'
import { addProjectTools } from './tools/project-tools.ts'

/**
 * Installs the dependencies of package.json with the package manager of its lockfile (COMPAT 4.5). If the versions of
 * the lockfile cannot be installed any more (lost tarballs are common in old apps), less exact ways are tried, and the
 * log says which. Must run before any command of the app. `isRead`: no command follows, so the files may be shared with
 * other builds. Throws BuildFailure.
 */
export async function installNodeDependencies(
  build: BuildContext,
  { isRead = false }: { readonly isRead?: boolean } = {},
): Promise<void> {
  if (build.path !== '.') return installNodeDependencies(build.atRoot(), { isRead })
  const packageJson = await readAppFile(build.workDir, 'package.json', BUILD_LIMITS.packageJsonBytes)
  if (packageJson === null) return
  const { dependencies, hasWorkspaces } = readPackageJson(packageJson)
  const hasMembers = hasWorkspaces || existsSync(join(build.workDir, 'pnpm-workspace.yaml'))
  if (dependencies.size === 0 && !hasMembers) return
  const { manager, lockfile } = await addProjectTools(build)
  const names = new Set(await readdir(build.workDir))
  build.log(`Installing dependencies with ${manager.name}...`)
  const key = await keyOfKeptModules(build, lockfile)
  if (key !== null && (await build.kept.takeModules(key))) return build.log(UNCHANGED)
  const project = { manager, lockfile, packageJson, names, isRead }
  const { result, isExact } = await installProject(build, project)
  if (result.kind === 'failed') throw installFailure(build.spec.name, manager.name, result)
  if (key !== null && isExact) build.kept.keepModules(key)
}

interface Project {
  readonly manager: PackageManager
  readonly lockfile: string | null
  readonly packageJson: string
  /** Names in its folder. */
  readonly names: ReadonlySet<string>
  readonly isRead: boolean
}

/** `isExact`: what was installed is what the lockfile says. */
async function installProject(
  build: BuildContext,
  project: Project,
): Promise<{ result: StepResult; isExact: boolean }> {
  const { manager, lockfile } = project
  const install = (script: string) => runInstall(build, script, build.caches.own)
  const retried = async (result: StepResult) => ({
    result: await allowingPeers(build, result, install),
    isExact: false,
  })
  if (lockfile === null) return retried(await install(manager.unlocked))
  const lock = (await readAppFile(build.workDir, lockfile, BUILD_LIMITS.lockfileBytes)) ?? ''
  const result = await installLocked(build, project, legacyPeerDeps(lockfile, lock))
  if (result.kind === 'ok' || !isWorthRetrying(result)) return { result, isExact: true }
  return retried(await installDespiteLock(build, { ...project, lockfile, lock }, result, install))
}

/** The last step of npm: packages whose peers exclude each other often work, as they did with npm 6. */
async function allowingPeers(
  build: BuildContext,
  result: StepResult,
  install: (script: string) => Promise<StepResult>,
): Promise<StepResult> {
  if (result.kind === 'ok' || findCause(result)?.cause.id !== 'peer-conflict') return result
  build.log(
    'Packages need different versions of the same peer. Retrying with npm install --legacy-peer-deps.',
  )
  return install('npm install --no-package-lock --legacy-peer-deps')
}

const UNCHANGED = 'Dependencies are unchanged: reused from an earlier build'

async function installLocked(
  build: BuildContext,
  { manager, packageJson, names, isRead }: Project,
  legacy: string,
): Promise<StepResult> {
  const lock = await readScriptlessLock(build, packageJson, names)
  const locked = manager.name === 'npm' ? manager.locked + legacy : manager.locked
  if (lock === null) return runInstall(build, locked, build.caches.own)
  const { shared, trees } = build.caches
  const key = treeKey(packageJson, lock)
  if (await trees.restore(key, build.workDir, { isRead: isRead && build.sharesFiles })) {
    build.log(UNCHANGED)
    return { kind: 'ok' }
  }
  const result = await runInstall(build, NPM_CI_WITHOUT_SCRIPTS + legacy, shared)
  if (result.kind === 'ok') await trees.keep(key, build.workDir)
  return result
}

/** The lockfile of an install that runs no code of the app, or null. A `.npmrc` can make npm run programs of the app. */
async function readScriptlessLock(
  build: BuildContext,
  packageJson: string,
  names: ReadonlySet<string>,
): Promise<string | null> {
  if (['.npmrc', 'npm-shrinkwrap.json', 'node_modules'].some((name) => names.has(name))) return null
  const lock = await readAppFile(build.workDir, 'package-lock.json', BUILD_LIMITS.lockfileBytes)
  return lock !== null && hasNoInstallScripts(lock, readPackageJson(packageJson).scripts) ? lock : null
}

function runInstall(build: BuildContext, script: string, cacheDir: string): Promise<StepResult> {
  return build.run({ script, cacheDir, timeoutMs: build.limits.installMs })
}
