import type { LostPackage } from './lost-packages.ts'

/** A lockfile without the entries of lost packages; everything else stays locked. Null when it has none of them. */
export function dropEntries(lockfile: string, text: string, lost: readonly LostPackage[]): string | null {
  const changed = DROP[lockfile]?.(text, lost) ?? text
  return changed === text ? null : changed
}

type Drop = (text: string, lost: readonly LostPackage[]) => string

const DROP: Readonly<Record<string, Drop>> = {
  'package-lock.json': dropFromNpm,
  'npm-shrinkwrap.json': dropFromNpm,
  'pnpm-lock.yaml': dropFromPnpm,
  'yarn.lock': dropFromYarn,
  'bun.lock': dropFromBun,
}

type Json = Record<string, unknown>

function dropFromNpm(text: string, lost: readonly LostPackage[]): string {
  const json = JSON.parse(text) as Json
  const packages = json.packages
  let count = 0
  if (isObject(packages))
    for (const [path, entry] of Object.entries(packages)) {
      const name = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path)?.[1]
      if (name === undefined || !isLost(lost, name, entry)) continue
      count += 1
      // Its own dependencies lie below it.
      for (const other of Object.keys(packages))
        if (other === path || other.startsWith(`${path}/`)) delete packages[other]
    }
  count += dropFromTree(json.dependencies, lost)
  return count === 0 ? text : `${JSON.stringify(json, null, 2)}\n`
}

/** `dependencies` of lockfileVersion 1 and 2. */
function dropFromTree(tree: unknown, lost: readonly LostPackage[]): number {
  if (!isObject(tree)) return 0
  let count = 0
  for (const [name, entry] of Object.entries(tree))
    if (isLost(lost, name, entry)) {
      delete tree[name]
      count += 1
    } else if (isObject(entry)) count += dropFromTree(entry.dependencies, lost)
  return count
}

function isLost(lost: readonly LostPackage[], name: string, entry: unknown): boolean {
  const version = isObject(entry) ? entry.version : null
  return lost.some((one) => one.name === name && (one.version === null || one.version === version))
}

/** Blocks of `packages:` and `snapshots:`: `/name@1.0.0:`, `'@a/b@1.0.0':`, `/name/1.0.0:`, indented by two. */
function dropFromPnpm(text: string, lost: readonly LostPackage[]): string {
  return withoutBlocks(text, /^ {2}\S.*:\s*$/, /^ {0,2}\S/, (head) =>
    lost.some(({ name, version }) => {
      const key = head.trim().replace(/^['"]?\/?/, '')
      return ['@', '/'].some((separator) => key.startsWith(`${name}${separator}${version ?? ''}`))
    }),
  )
}

/** Blocks of yarn 1 and berry: `name@^1.0.0, name@^1.1.0:`, `"name@npm:^1.0.0":`. */
function dropFromYarn(text: string, lost: readonly LostPackage[]): string {
  return withoutBlocks(text, /^\S.*:\s*$/, /^\S/, (head) =>
    lost.some(({ name }) => head.split(', ').some((part) => part.replace(/^"/, '').startsWith(`${name}@`))),
  )
}

/** One line per package: `"name": ["name@1.0.0", …],`. */
function dropFromBun(text: string, lost: readonly LostPackage[]): string {
  const isDropped = (line: string) =>
    lost.some(({ name, version }) => line.includes(`["${name}@${version ?? ''}`))
  return text
    .split('\n')
    .filter((line) => !isDropped(line))
    .join('\n')
}

/** Removes each block whose first line fits, up to the line that begins the next. */
function withoutBlocks(
  text: string,
  begins: RegExp,
  next: RegExp,
  isDropped: (head: string) => boolean,
): string {
  let drops = false
  return text
    .split('\n')
    .filter((line) => {
      if (begins.test(line)) drops = isDropped(line)
      else if (next.test(line)) drops = false
      return !drops
    })
    .join('\n')
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
