import { MOVED_NPM, VANISHED_NPM } from './table.ts'

type Json = Record<string, unknown>

/** A changed file, and the lines for the build log. */
export interface Answered {
  readonly text: string
  readonly notices: readonly string[]
}

/** Keeps the names of the project itself from the registry, see `own-names/`. */
export type KeepOwn = (json: Json, notices: Set<string>) => void

const DEPENDENCY_FIELDS = ['dependencies', 'devDependencies', 'optionalDependencies']

/**
 * A package.json whose vanished dependencies come from `tarballs`, or null when it has none. With `guardsOthers`, the
 * packages of others also get them, which matters where no lockfile says what these need.
 */
export function answerManifest(
  text: string,
  tarballs: ReadonlyMap<string, string>,
  { guardsOthers, own }: { readonly guardsOthers: boolean; readonly own?: KeepOwn },
): Answered | null {
  const json = parseObject(text)
  if (json === null) return null
  const notices = new Set<string>()
  for (const field of DEPENDENCY_FIELDS) answerDependencies(json[field], tarballs, notices)
  const isGuarded = notices.size > 0 || guardsOthers
  own?.(json, notices)
  if (notices.size === 0 && !guardsOthers) return null
  if (isGuarded) addOverrides(json, tarballs)
  return { text: `${JSON.stringify(json, null, 2)}\n`, notices: [...notices] }
}

function answerDependencies(
  fields: unknown,
  tarballs: ReadonlyMap<string, string>,
  notices: Set<string>,
): void {
  if (!isObject(fields)) return
  for (const { name, notice } of VANISHED_NPM) {
    // A path or URL of the app's own is not asked of the registry.
    if (typeof fields[name] !== 'string' || /^(file|link|workspace|portal|https?|git)/.test(fields[name]))
      continue
    fields[name] = `file:${tarballs.get(name)}`
    notices.add(notice)
  }
  for (const { name, from, to, notice } of MOVED_NPM) {
    if (typeof fields[name] !== 'string' || !fields[name].includes(from)) continue
    fields[name] = fields[name].replace(from, to)
    notices.add(notice)
  }
}

/** npm and Bun read `overrides`, yarn `resolutions`, pnpm its own field. Entries of the app win. */
function addOverrides(json: Json, tarballs: ReadonlyMap<string, string>): void {
  const ours = Object.fromEntries([...tarballs].map(([name, path]) => [name, `file:${path}`]))
  const pnpm = isObject(json.pnpm) ? json.pnpm : {}
  json.overrides = { ...ours, ...(isObject(json.overrides) ? json.overrides : {}) }
  json.resolutions = { ...ours, ...(isObject(json.resolutions) ? json.resolutions : {}) }
  json.pnpm = { ...pnpm, overrides: { ...ours, ...(isObject(pnpm.overrides) ? pnpm.overrides : {}) } }
}

/** The same for a package-lock.json: entries of vanished packages point to our files, all others stay locked. */
export function answerNpmLock(text: string, tarballs: ReadonlyMap<string, string>): Answered | null {
  const json = parseObject(text)
  if (json === null) return null
  const notices = new Set<string>()
  if (isObject(json.packages))
    for (const [path, entry] of Object.entries(json.packages))
      if (isObject(entry)) answerLocked(path, entry, tarballs, notices)
  answerLockedTree(json.dependencies, tarballs, notices)
  return notices.size === 0 ? null : { text: `${JSON.stringify(json, null, 2)}\n`, notices: [...notices] }
}

/** `packages` of lockfileVersion 2 and 3. */
function answerLocked(
  path: string,
  entry: Json,
  tarballs: ReadonlyMap<string, string>,
  notices: Set<string>,
): void {
  for (const field of DEPENDENCY_FIELDS)
    if (!path.includes('node_modules/')) answerDependencies(entry[field], tarballs, notices)
  const name = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path)?.[1]
  const vanished = VANISHED_NPM.find((known) => known.name === name)
  const moved = MOVED_NPM.find((known) => known.name === name && known.from === entry.version)
  if (vanished === undefined && moved === undefined) return
  notices.add((vanished ?? moved)!.notice)
  // The checksum is that of the file that is gone.
  delete entry.integrity
  delete entry.resolved
  entry.version = vanished?.versions.at(-1) ?? moved!.to
  if (vanished === undefined) return
  entry.resolved = `file:${tarballs.get(vanished.name)}`
  delete entry.dependencies
}

/** `dependencies` of lockfileVersion 1 and 2. */
function answerLockedTree(tree: unknown, tarballs: ReadonlyMap<string, string>, notices: Set<string>): void {
  if (!isObject(tree)) return
  for (const [name, entry] of Object.entries(tree)) {
    if (!isObject(entry)) continue
    answerLockedTree(entry.dependencies, tarballs, notices)
    const vanished = VANISHED_NPM.find((known) => known.name === name)
    const moved = MOVED_NPM.find((known) => known.name === name && known.from === entry.version)
    if (vanished !== undefined) tree[name] = { version: `file:${tarballs.get(name)}` }
    else if (moved !== undefined) tree[name] = { version: moved.to }
    if (vanished ?? moved) notices.add((vanished ?? moved)!.notice)
  }
}

function parseObject(text: string): Json | null {
  try {
    const json: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
    return isObject(json) ? json : null
  } catch {
    return null
  }
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
