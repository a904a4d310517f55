import { createHash } from 'node:crypto'
import { readPackageJson } from '../spacefile/index.ts'
import type { BuildContext } from './build-context.ts'
import { BUILD_LIMITS } from './limits.ts'
import { LIFECYCLE } from './lockfile-scripts.ts'
import { readAppFile } from './read-app-file.ts'

/** Settings of package managers that change what an install does. */
const SETTINGS = ['.npmrc', '.yarnrc', '.yarnrc.yml', 'bunfig.toml', '.pnpmfile.cjs', 'pnpm-workspace.yaml']

/** Their install scripts generate code from files of the project, so a lockfile does not say what they install. */
const PROJECT_READERS = ['@prisma/client', 'prisma', '@redwoodjs/core', 'gatsby']

/** Engines that leave `node_modules` behind in the work folder when the artifact is complete. */
const LEAVES_MODULES = new Set(['static', 'react', 'vue', 'svelte', 'next', 'nuxt', 'svelte-kit'])

/**
 * The key of dependencies that the next build of the micro may take over as they are: lockfile, package.json, settings and
 * tools say everything about them. Null when they do not, or when the artifact needs the folder itself.
 */
export async function keyOfKeptModules(build: BuildContext, lockfile: string | null): Promise<string | null> {
  const { spec, workDir } = build
  if (lockfile === null || !LEAVES_MODULES.has(spec.engine.family) || isWholeProjectPacked(build)) return null
  const packageJson = await readAppFile(workDir, 'package.json', BUILD_LIMITS.packageJsonBytes)
  const lock = await readAppFile(workDir, lockfile, BUILD_LIMITS.lockfileBytes)
  if (packageJson === null || lock === null || dependsOnProject(packageJson, lock)) return null
  const hash = createHash('sha256').update(
    JSON.stringify([build.toolsKey, build.tools.list.map(({ name }) => name), lockfile]),
  )
  for (const text of [packageJson, lock]) hash.update(`${text.length}\n${text}`)
  for (const name of SETTINGS) {
    const text = (await readAppFile(workDir, name, BUILD_LIMITS.packageJsonBytes)) ?? ''
    hash.update(`${name} ${text.length}\n${text}`)
  }
  return hash.digest('hex')
}

/** See `buildFullStack`. */
const isWholeProjectPacked = ({ spec }: BuildContext): boolean => spec.run !== null || spec.include !== null

/** Whether an install may read more of the project than package.json, lockfile and settings. */
export function dependsOnProject(packageJson: string, lock: string): boolean {
  const { dependencies, scripts, hasWorkspaces } = readPackageJson(packageJson)
  return (
    hasWorkspaces ||
    LIFECYCLE.some((script) => scripts.has(script)) ||
    PROJECT_READERS.some((name) => dependencies.has(name)) ||
    /\b(file|link|workspace|portal|patch):/.test(packageJson + lock)
  )
}
