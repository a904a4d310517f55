import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readPackageJson } from '../../spacefile/index.ts'
import { findCause } from '../blame/find-cause.ts'
import type { FailedStep } from '../blame/cause.ts'
import type { BuildContext, StepResult } from '../build-context.ts'
import { BUILD_LIMITS } from '../limits.ts'
import { choosePackageManager, type PackageManager } from '../package-manager.ts'
import { readAppFile } from '../read-app-file.ts'
import { dropEntries } from './drop-entries.ts'
import { lockDate } from './lock-date.ts'
import { lostPackages } from './lost-packages.ts'
import { relaxManifest } from './relax-manifest.ts'

/** A project whose locked install failed. */
export interface LockedProject {
  readonly manager: PackageManager
  readonly lockfile: string
  readonly lock: string
  /** Names in its folder. */
  readonly names: ReadonlySet<string>
}

type Name = PackageManager['name']

/** Install that keeps what the lockfile has, and resolves what it lacks. */
const RESOLVE: Readonly<Record<Name, string>> = {
  npm: 'npm install',
  pnpm: 'pnpm install --no-frozen-lockfile --config.link-workspace-packages=true',
  yarn: 'YARN_ENABLE_IMMUTABLE_INSTALLS=false yarn install',
  bun: 'bun install',
}

/** npm 6 and yarn 1 installed packages whose peers exclude each other; later versions of npm refuse them. */
export const legacyPeerDeps = (lockfile: string, lock: string): string =>
  /"lockfileVersion":\s*1\b/.test(lock) || (lockfile === 'yarn.lock' && lock.includes('# yarn lockfile v1'))
    ? ' --legacy-peer-deps'
    : ''

/** Most times that newly found losses are dropped from a lockfile. */
const MAX_DROPS = 5

/**
 * Installs a project whose lockfile can no longer be installed, each step less exact than the one before. The log says
 * what each step does. Returns the result of the last step.
 */
export async function installDespiteLock(
  build: BuildContext,
  project: LockedProject,
  failure: FailedStep,
  install: (script: string) => Promise<StepResult>,
): Promise<StepResult> {
  let result: StepResult = { kind: 'failed', ...failure }
  for (const step of [keepRest, useSecondLock, resolveAsOf, resolveToday]) {
    if (result.kind === 'ok' || !isWorthRetrying(result)) return result
    result = (await step({ build, project, failure: result, install })) ?? result
  }
  return result
}

/** Whether other versions may help: not where the registry, this machine or a bound is the cause. */
export function isWorthRetrying(failure: FailedStep): boolean {
  if (failure.exitCode === null || failure.exitCode === 127) return false
  const blame = findCause(failure)
  return blame === null || blame.cause.culprit === 'app'
}

interface Attempt {
  readonly build: BuildContext
  readonly project: LockedProject
  readonly failure: FailedStep
  readonly install: (script: string) => Promise<StepResult>
}

/** Drops the lost entries from the lockfile, and resolves only these. */
async function keepRest({ build, project, failure, install }: Attempt): Promise<StepResult | null> {
  const { manager, lockfile } = project
  const script =
    RESOLVE[manager.name] + (manager.name === 'npm' ? legacyPeerDeps(lockfile, project.lock) : '')
  if (findCause(failure)?.cause.id === 'lock-outdated') {
    build.log(`${lockfile} does not fit package.json. Keeping what it has, and resolving what it lacks.`)
    return install(script)
  }
  let result: StepResult = { kind: 'failed', ...failure }
  for (let count = 0; count < MAX_DROPS && result.kind === 'failed'; count += 1) {
    const lost = lostPackages(result.tail)
    const isChanged = await dropLost(build, lockfile, lost)
    if (!isChanged) return count === 0 ? null : result
    const list = lost.map(({ name, version }) => `${name}${version === null ? '' : `@${version}`}`).join(', ')
    build.log(
      `The registry no longer has ${list}. Keeping the rest of ${lockfile}, and resolving these again.`,
    )
    result = await install(script)
  }
  return result
}

async function dropLost(
  build: BuildContext,
  lockfile: string,
  lost: ReturnType<typeof lostPackages>,
): Promise<boolean> {
  if (lost.length === 0) return false
  const lock = await readAppFile(build.workDir, lockfile, BUILD_LIMITS.lockfileBytes)
  const dropped = lock === null ? null : dropEntries(lockfile, lock, lost)
  if (dropped !== null) await replaceFile(build, lockfile, dropped)
  const manifest = await readAppFile(build.workDir, 'package.json', BUILD_LIMITS.packageJsonBytes)
  const relaxed = manifest === null ? null : relaxManifest(manifest, lost)
  if (relaxed !== null) {
    await replaceFile(build, 'package.json', relaxed.text)
    build.log(`Allowing newer versions in package.json: ${relaxed.changes.join(', ')}`)
  }
  return dropped !== null || relaxed !== null
}

/** Uses the lockfile of another package manager, if the project has one. */
async function useSecondLock({ build, project, install }: Attempt): Promise<StepResult | null> {
  const others = [...project.names].filter((name) => !project.manager.lockfiles.includes(name))
  const second = choosePackageManager(new Set(others))
  if (second.lockfile === null) return null
  build.log(`Using ${second.lockfile} with ${second.manager.name} instead of ${project.lockfile}.`)
  const result = await install(second.manager.locked)
  // Its package manager is not here: the first failure is the one to report.
  return result.kind === 'failed' && result.exitCode === 127 ? null : result
}

/** Resolves everything again, as of the day of the lockfile. npm does this for every project: only npm can. */
async function resolveAsOf({ build, project, install }: Attempt): Promise<StepResult | null> {
  const manifest = await readAppFile(build.workDir, 'package.json', BUILD_LIMITS.packageJsonBytes)
  if (manifest === null || /"(?:workspace|catalog|portal|patch):/.test(manifest)) return null
  const date = await lockDate(build, project.lock, [...readPackageJson(manifest).dependencies])
  if (date === null) return null
  build.log(`Resolving all versions again with npm, as of ${date}, about when ${project.lockfile} was made.`)
  return install(
    `rm -rf node_modules && npm install --no-package-lock --before=${date}${legacyPeerDeps(project.lockfile, project.lock)}`,
  )
}

/** Resolves everything again with the versions of today. */
async function resolveToday({ build, project, install }: Attempt): Promise<StepResult> {
  const { manager, lockfile } = project
  build.log(`Installing without ${lockfile}: versions may differ.`)
  // Without a lockfile, Yarn from version 2 on looks for a project in the folders above.
  if (manager.locked.includes('--immutable')) return install(`rm -rf node_modules && ${manager.unlocked}`)
  const legacy = manager.name === 'npm' ? legacyPeerDeps(lockfile, project.lock) : ''
  return install(`rm -rf node_modules ${manager.lockfiles.join(' ')} && ${RESOLVE[manager.name]}${legacy}`)
}

async function replaceFile(build: BuildContext, name: string, text: string): Promise<void> {
  const path = join(build.workDir, name)
  await rm(path, { recursive: true, force: true })
  await writeFile(path, text, { flag: 'wx' })
}
