import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PYTHON_PACKAGES } from '../engines/python-packages.ts'
import { BUILD_LIMITS } from '../limits.ts'
import { readAppFile } from '../read-app-file.ts'
import { isText, packageUrl } from './package-url.ts'

/** More packages than these are not listed. */
const MAX_PACKAGES = 10_000
const AT_ONCE = 32

/**
 * The package URLs of what is installed in a folder: packages below `node_modules` (also in the stores of package
 * managers), Python distributions, and the crates of a Cargo.lock. Follows no link. Call it when no process of the app
 * runs.
 */
export async function installedPackages(dir: string): Promise<string[]> {
  const found = new Set<string>()
  await addNodeModules(join(dir, 'node_modules'), found)
  await addPython(join(dir, PYTHON_PACKAGES), found)
  await addCrates(dir, found)
  return [...found].sort()
}

async function addNodeModules(modules: string, found: Set<string>): Promise<void> {
  const folders = await foldersIn(modules)
  for (let at = 0; at < folders.length && found.size < MAX_PACKAGES; at += AT_ONCE)
    await Promise.all(folders.slice(at, at + AT_ONCE).map((name) => addNodeFolder(modules, name, found)))
}

async function addNodeFolder(modules: string, name: string, found: Set<string>): Promise<void> {
  const path = join(modules, name)
  if (name.startsWith('@')) return addNodeModules(path, found)
  // pnpm's store has a folder of modules for each package.
  if (name === '.pnpm') {
    for (const each of await foldersIn(path)) await addNodeModules(join(path, each, 'node_modules'), found)
    return
  }
  if (name.startsWith('.')) return
  const { name: full, version } = await readJson(path, 'package.json')
  if (isText(full) && isText(version)) found.add(packageUrl('npm', full, version))
  await addNodeModules(join(path, 'node_modules'), found)
}

/** `requests-2.31.0.dist-info` */
async function addPython(packages: string, found: Set<string>): Promise<void> {
  for (const folder of await foldersIn(packages)) {
    const [, name, version] = /^([\w.]+)-([\w.+!]+)\.dist-info$/.exec(folder) ?? []
    if (name && version) found.add(packageUrl('pypi', name.toLowerCase().replaceAll('_', '-'), version))
  }
}

async function addCrates(dir: string, found: Set<string>): Promise<void> {
  const lock = (await readAppFile(dir, 'Cargo.lock', BUILD_LIMITS.lockfileBytes)) ?? ''
  const crate = /^name = "([\w-]+)"\nversion = "([\w.+-]+)"\nsource = /gm
  for (const [, name, version] of lock.matchAll(crate)) found.add(packageUrl('cargo', name!, version!))
}

async function foldersIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
}

async function readJson(dir: string, name: string): Promise<Record<string, unknown>> {
  const text = await readAppFile(dir, name, BUILD_LIMITS.packageJsonBytes)
  try {
    const json: unknown = JSON.parse(text ?? '{}')
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
