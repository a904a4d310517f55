import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import { parse } from 'yaml'
import { type MicroSpec, readPackageJson } from '../../spacefile/index.ts'
import { BUILD_LIMITS } from '../limits.ts'
import { readAppFile } from '../read-app-file.ts'

/** Where a micro's dependencies are installed, and where its `src` is from there. Paths are relative, `.` for the same. */
export interface Place {
  /** Below the upload. */
  readonly root: string
  /** Of `src`, below `root`. */
  readonly path: string
}

/** Engines whose dependencies are those of a package.json. */
const NODE_ENGINES = new Set(['react', 'vue', 'svelte', 'next', 'nuxt', 'svelte-kit', 'nodejs', 'bun'])
/** Engines whose commands may install them. */
const MAY_USE_NODE = new Set([...NODE_ENGINES, 'static', 'custom'])

/**
 * Finds the package that a micro belongs to, if that lies above its `src`: the root of workspaces (npm, pnpm, yarn, Bun)
 * that has `src` as a member, or, for a `src` without a package.json, the next folder that has one. Never leaves the
 * upload, `source`.
 */
export async function findPlace(source: string, { src, engine }: MicroSpec): Promise<Place> {
  const own: Place = { root: src, path: '.' }
  if (!MAY_USE_NODE.has(engine.family)) return own
  const isBare = NODE_ENGINES.has(engine.family) && !existsSync(join(source, src, 'package.json'))
  for (const root of foldersAbove(src)) {
    const place = { root, path: posix.relative(root, src) }
    const text = await readAppFile(join(source, root), 'package.json', BUILD_LIMITS.packageJsonBytes)
    if (await isMember(join(source, root), text, place.path)) return place
    if (isBare && text !== null && readPackageJson(text).runtimeDependencies.size > 0) return place
  }
  return own
}

/** `a/b/c` → `a/b`, `a`, `.` */
function foldersAbove(path: string): string[] {
  if (path === '.') return []
  const above = posix.dirname(path)
  return [above, ...foldersAbove(above)]
}

/** Tells whether a path below `dir` is a member of the workspace whose root `dir` is; never, if it is none. */
export async function workspaceMembers(dir: string): Promise<(path: string) => boolean> {
  return membersIn(dir, await readAppFile(dir, 'package.json', BUILD_LIMITS.packageJsonBytes))
}

const isMember = async (dir: string, packageJson: string | null, path: string): Promise<boolean> =>
  (await membersIn(dir, packageJson))(path)

async function membersIn(dir: string, packageJson: string | null): Promise<(path: string) => boolean> {
  const pnpm = await readAppFile(dir, 'pnpm-workspace.yaml', BUILD_LIMITS.packageJsonBytes)
  const patterns = [...membersOf(packageJson, JSON.parse), ...membersOf(pnpm, parse)]
  return (path) => matches(patterns, path)
}

/** The last pattern that matches decides, and `!` excludes. */
function matches(patterns: readonly string[], path: string): boolean {
  const found = patterns.findLast((pattern) => new Bun.Glob(clean(pattern)).match(path))
  return found !== undefined && !found.startsWith('!')
}

const clean = (pattern: string): string => pattern.replace(/^!/, '').replace(/^\.\//, '').replace(/\/+$/, '')

/** `workspaces` of a package.json, as a list or as an object with one, or `packages` of a pnpm-workspace.yaml. */
function membersOf(text: string | null, read: (text: string) => unknown): string[] {
  const value = objectOf(tryTo(() => read((text ?? '').replace(/^\uFEFF/, ''))))
  const workspaces = value['workspaces'] ?? value['packages']
  const list = Array.isArray(workspaces) ? workspaces : objectOf(workspaces)['packages']
  return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : []
}

const objectOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

function tryTo(read: () => unknown): unknown {
  try {
    return read()
  } catch {
    return null
  }
}
