import { posix, relative } from 'node:path'
import { BUILD_LIMITS } from '../limits.ts'
import { readAppFile } from '../read-app-file.ts'
import { appFolders } from '../vanished/app-folders.ts'
import { workspaceMembers } from '../workspaces/find-place.ts'
import { locksFromRegistry } from './locked-names.ts'

/** A package of the project itself: a member of its workspace, or a folder that a `file:` dependency names. */
export interface OwnPackage {
  /** Below the root. */
  readonly path: string
  readonly version: string | null
  readonly isMember: boolean
}

export type OwnPackages = ReadonlyMap<string, OwnPackage>

type Json = Record<string, unknown>

const FIELDS = ['dependencies', 'devDependencies', 'optionalDependencies']
const LOCKS = ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock']

/**
 * The names that belong to the project, so that a stranger who publishes one of them on the registry is never asked
 * (dependency confusion). A name that a lockfile takes from the registry, with a checksum, is the author's choice.
 */
export async function findOwnPackages(root: string): Promise<OwnPackages> {
  const isMember = await workspaceMembers(root)
  const found = new Map<string, OwnPackage>()
  for await (const { dir, names, isPackages } of appFolders(root)) {
    if (isPackages || !names.has('package.json')) continue
    const path = relative(root, dir)
    const json = parse(await readAppFile(dir, 'package.json', BUILD_LIMITS.packageJsonBytes))
    const { name, version } = json
    if (typeof name === 'string' && isName(name) && path !== '' && isMember(path))
      found.set(name, { path, version: typeof version === 'string' ? version : null, isMember: true })
    for (const [key, target] of pathDependencies(json, path))
      if (!found.has(key)) found.set(key, { path: target, version: null, isMember: false })
  }
  if (found.size === 0) return found
  for (const name of LOCKS) {
    const text = await readAppFile(root, name, BUILD_LIMITS.lockfileBytes)
    if (text !== null)
      for (const own of found.keys()) if (locksFromRegistry(name, text, own)) found.delete(own)
  }
  return found
}

/** No registry has other names. */
const isName = (name: string): boolean => /^(?:@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*$/i.test(name)

function* pathDependencies(json: Json, path: string): Generator<readonly [string, string]> {
  for (const [name, spec] of dependenciesOf(json)) {
    const target = /^(?:file|link|portal):(?!\/)(.+)$/.exec(spec)?.[1]
    if (target !== undefined && !/\.(?:tgz|tar\.gz)$/.test(target)) yield [name, posix.join(path, target)]
  }
}

function* dependenciesOf(json: Json): Generator<readonly [string, string]> {
  for (const field of FIELDS)
    for (const [name, spec] of Object.entries((json[field] ?? {}) as Json))
      if (typeof spec === 'string' && isName(name)) yield [name, spec]
}

/**
 * Changes dependencies of the package.json at `path`, below the root, that would ask the registry for a name of the
 * project. Adds a line for the log to `notices` for each.
 */
export function keepOwnNames(json: Json, path: string, own: OwnPackages, notices: Set<string>): void {
  for (const field of FIELDS) {
    const dependencies = json[field]
    if (typeof dependencies !== 'object' || dependencies === null) continue
    for (const [name, spec] of Object.entries(dependencies)) {
      const known = own.get(name)
      if (known === undefined || typeof spec !== 'string' || !asksRegistry(spec, known)) continue
      ;(dependencies as Json)[name] = ownSpec(path, known)
      notices.add(
        `${name} is part of this project: its folder ${known.path} is used, and ${name}@${spec} is not asked of the registry`,
      )
    }
  }
}

/** A range, or a tag such as `latest`, that the folder does not satisfy; package managers then ask the registry. */
function asksRegistry(spec: string, { isMember, version }: OwnPackage): boolean {
  if (/[:/]/.test(spec)) return false
  if (!isMember) return true
  if (spec === '*' || spec === '') return false
  // A tag is no range, and Bun would say that every version satisfies it.
  return version === null || /^[a-wyz]/i.test(spec) || !Bun.semver.satisfies(version, spec)
}

const ownSpec = (path: string, { isMember, version, path: target }: OwnPackage): string =>
  isMember ? (version ?? '*') : `file:${posix.relative(path, target) || '.'}`

function parse(text: string | null): Json {
  try {
    const json: unknown = JSON.parse((text ?? '{}').replace(/^\uFEFF/, ''))
    return typeof json === 'object' && json !== null ? (json as Json) : {}
  } catch {
    return {}
  }
}
