import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readPackageJson } from '../spacefile/index.ts'
import { BuildFailure } from './failure.ts'
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
 * the lockfile cannot be installed any more (lost tarballs are common in old apps), the log says so and the install is
 * retried without the lockfile. Must run before any command of the app. `isRead`: no command follows, so the files may be
 * shared with other builds. Throws BuildFailure.
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
  let result = lockfile === null ? null : await installLocked(build, manager, packageJson, { names, isRead })
  if (result?.kind === 'failed' && isWorthRetrying(result)) {
    build.log(`The install with ${lockfile} failed. Retrying without it: versions may differ.`)
    result = null
  } else if (key !== null) build.kept.keepModules(key)
  result ??= await runInstall(build, manager.unlocked, build.caches.own)
  if (result.kind === 'failed') throw installFailure(build, manager, result)
}

const UNCHANGED = 'Dependencies are unchanged: reused from an earlier build'

async function installLocked(
  build: BuildContext,
  manager: PackageManager,
  packageJson: string,
  { names, isRead }: { readonly names: ReadonlySet<string>; readonly isRead: boolean },
): Promise<StepResult> {
  const lock = await readScriptlessLock(build, packageJson, names)
  if (lock === null) return runInstall(build, manager.locked, build.caches.own)
  const { shared, trees } = build.caches
  const key = treeKey(packageJson, lock)
  if (await trees.restore(key, build.workDir, { isRead: isRead && build.sharesFiles })) {
    build.log(UNCHANGED)
    return { kind: 'ok' }
  }
  const result = await runInstall(build, NPM_CI_WITHOUT_SCRIPTS, shared)
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

type FailedStep = Extract<StepResult, { kind: 'failed' }>

const REGISTRY_UNREACHABLE =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|UNABLE_TO_GET_ISSUER_CERT_LOCALLY|SELF_SIGNED_CERT_IN_CHAIN|NewConnectionError|ConnectTimeoutError|NameResolutionError)\b/
const COMMAND_NOT_FOUND = 127

/** Whether the last output of a package manager says that the registry did not answer, which is not the app's fault. */
export function isRegistryUnreachable(tail: string): boolean {
  return REGISTRY_UNREACHABLE.test(tail)
}

function isWorthRetrying(result: FailedStep): boolean {
  if (result.exitCode === null || result.exitCode === COMMAND_NOT_FOUND) return false
  return !isRegistryUnreachable(result.tail)
}

function installFailure(build: BuildContext, manager: PackageManager, result: FailedStep): BuildFailure {
  const micro = `micro \`${build.spec.name}\``
  const { name } = manager
  if (result.exitCode === COMMAND_NOT_FOUND)
    return new BuildFailure(
      'system',
      `${micro} has a lockfile of ${name}, and ${name} is not installed on this server and could not be fetched from the npm registry. Check the server's network, install ${name} on the server, or push a package-lock.json instead.`,
    )
  if (isRegistryUnreachable(result.tail))
    return new BuildFailure(
      'system',
      `${name} could not reach the package registry from this server. Check the server's network, then run: space push`,
    )
  if (result.exitCode === null)
    return new BuildFailure('system', `${name} failed in ${micro}: ${result.message}. Run again: space push`)
  return new BuildFailure(
    'user',
    `${name} could not install the dependencies of ${micro}. The lines above say why. To reproduce the failure, run \`${name} install\` on your machine.`,
  )
}
