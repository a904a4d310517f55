import { readdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { BuildFailure } from '../failure.ts'
import { BUILD_LIMITS } from '../limits.ts'
import { readAppFile } from '../read-app-file.ts'
import { appFolders } from './app-folders.ts'
import { npmSources } from './npm-tarballs.ts'
import { pythonSources } from './python-wheels.ts'
import { VANISHED_NPM, VANISHED_PYTHON } from './table.ts'

/**
 * Refuses a build in whose folder a vanished package of a registry lies, however it came there: a command of the app may
 * use a package manager that knows nothing of our constraints. Throws BuildFailure.
 */
export async function refuseForeignPackages(workDir: string, micro: string): Promise<void> {
  for await (const { dir, names, isPackages } of appFolders(workDir)) {
    if (!isPackages) continue
    const foreign = (await foreignPython(dir, names)) ?? (await foreignNpm(dir, names))
    if (foreign !== null) throw refusal(micro, foreign)
  }
}

async function foreignPython(dir: string, names: ReadonlySet<string>): Promise<string | null> {
  for (const { name } of VANISHED_PYTHON) {
    const info = [...names].find((entry) =>
      new RegExp(`^${name}-(\\d+)[\\w.+!]*\\.(dist|egg)-info$`, 'i').test(entry),
    )
    // Version 2 and later are other software under this name, which the app asked for: its constraint was lifted.
    if (info === undefined || Number(/-(\d+)/.exec(info)![1]) >= 2) continue
    const sources = await pythonSources(name)
    // Each wheel has a version of its own in this file.
    const ours = new Map([...sources].filter(([path]) => !path.endsWith('_version.py')))
    if (!(await hasSources(dir, ours, new RegExp(`^${name}/(?!_version\\.py$).*\\.(py|so|pyd)$`))))
      return name
  }
  return null
}

async function foreignNpm(dir: string, names: ReadonlySet<string>): Promise<string | null> {
  for (const { name } of VANISHED_NPM) {
    if (!names.has(name)) continue
    // A link out of node_modules leads to a package of the app's own.
    const real = await realpath(join(dir, name)).catch(() => null)
    if (real === null || !real.includes('/node_modules/')) continue
    if (!(await hasSources(real, await npmSources(name), /\.[cm]?js$/))) return name
  }
  return null
}

/** Whether a folder has exactly these files among those that match. */
async function hasSources(
  dir: string,
  sources: ReadonlyMap<string, string>,
  pattern: RegExp,
): Promise<boolean> {
  const ours = [...sources].filter(([path]) => pattern.test(path))
  const found = (await readdir(dir, { recursive: true }).catch(() => [])).filter((path) => pattern.test(path))
  if (found.length !== ours.length) return false
  for (const [path, text] of ours)
    if ((await readAppFile(dir, path, BUILD_LIMITS.packageJsonBytes)) !== text) return false
  return true
}

const refusal = (micro: string, name: string): BuildFailure =>
  new BuildFailure(
    'user',
    `A build command of micro \`${micro}\` installed \`${name}\` from a public registry, where another project has this name now. Remove the command, and list \`${name}\` in the requirements or package.json of the micro: this server then supplies its own package.`,
  )
