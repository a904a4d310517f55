import { isRange } from './newest-versions.ts'
import { isExactVersion } from './tool-name.ts'

/** The files of a project that name a version of Node; null: missing. */
export interface NodeFiles {
  readonly packageJson: Readonly<Record<string, unknown>>
  readonly nvmrc: string | null
  readonly nodeVersion: string | null
}

export interface NodeAsk {
  readonly range: string
  /** The file, and in package.json the field. */
  readonly from: string
}

/** The names of releases that `.nvmrc` may have. */
const LTS_NAMES: Readonly<Record<string, string>> = {
  gallium: '16',
  hydrogen: '18',
  iron: '20',
  jod: '22',
  krypton: '24',
}

/** What the project asks for, the most exact statement first; null: nothing that says a version. */
export function askedNode({ packageJson, nvmrc, nodeVersion }: NodeFiles): NodeAsk | null {
  const asks: (readonly [unknown, string])[] = [
    [nodeVersion, '.node-version'],
    [nvmrc, '.nvmrc'],
    [fieldOf(packageJson.volta, 'node'), '`volta.node` in package.json'],
    [fieldOf(packageJson.engines, 'node'), '`engines.node` in package.json'],
  ]
  for (const [text, from] of asks) {
    const range = typeof text === 'string' ? rangeOf(text) : null
    if (range !== null) return { range, from }
  }
  return null
}

function rangeOf(text: string): string | null {
  const ask = text.trim().toLowerCase()
  const range = LTS_NAMES[ask.replace(/^lts\//, '')] ?? ask.replaceAll(/(?<=^|[\s<>=^~|])v(?=\d)/g, '')
  return isRange(range) ? range : null
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined

export type NodeChoice =
  | { readonly kind: 'machine' }
  /** The newest version of `range` that `pick` prefers. */
  | { readonly kind: 'fetch'; readonly range: string; readonly from: string; readonly major: number | null }

/** Older ones have had no fixes of security for years, and current versions of package managers do not run on them. */
const OLDEST_MAJOR = 16

/**
 * `nodejs16` was the only name there was, so it says nothing about the version: it gets the machine's Node, like
 * `nodejs`. A newer name is a choice of the developer, and so are the files of the project.
 */
export function chooseNode(engine: string, ask: NodeAsk | null, machine: string | null): NodeChoice {
  const named = Number(/^node(?:js)?(\d+)$/.exec(engine)?.[1] ?? 0)
  const major = named > OLDEST_MAJOR ? named : null
  const isEngine = (version: string) => major === null || majorOf(version) === major
  if (machine !== null && isEngine(machine) && (ask === null || Bun.semver.satisfies(machine, ask.range)))
    return { kind: 'machine' }
  if (ask !== null) return { kind: 'fetch', ...ask, major }
  return major === null
    ? { kind: 'machine' }
    : { kind: 'fetch', range: String(major), from: `the engine \`${engine}\``, major }
}

/** The best of the versions in a range: that of the engine's name, else the newest with long support. Null: all are too old. */
export function pickNode(versions: readonly string[], major: number | null): string | null {
  const newestFirst = versions
    .filter((version) => isExactVersion(version) && majorOf(version) >= OLDEST_MAJOR)
    .toSorted((a, b) => Bun.semver.order(b, a))
  return (
    newestFirst.find((version) => majorOf(version) === major) ??
    newestFirst.find((version) => majorOf(version) % 2 === 0) ??
    newestFirst[0] ??
    null
  )
}

export const majorOf = (version: string): number => Number(version.split('.')[0])

/** When the project of Node stopped to fix a major version. */
const LAST_FIX: Readonly<Record<number, string>> = {
  16: '2023-09-11',
  18: '2025-04-30',
  20: '2026-04-30',
  22: '2027-04-30',
  24: '2028-04-30',
}

/** A warning about a version that gets no more fixes, or null. */
export function outdatedNode(version: string, nowMs: number): string | null {
  const last = LAST_FIX[majorOf(version)]
  return last !== undefined && Date.parse(last) < nowMs
    ? `Node ${majorOf(version)} has had no security fixes since ${last}: choose a newer version when you can.`
    : null
}

/** The npm that runs on a Node that the machine's npm does not support, or null. */
export function npmFor(node: string, machineNpm: string | null): string | null {
  const supports = machineNpm === null ? null : (NPM_NEEDS[majorOf(machineNpm)] ?? NPM_NEEDS[12]!)
  if (supports !== null && Bun.semver.satisfies(node, supports)) return null
  const fitting = NPM_VERSIONS.find((npm) => Bun.semver.satisfies(node, NPM_NEEDS[majorOf(npm)]!))
  return fitting ?? null
}

/** `engines.node` of npm's major versions. */
const NPM_NEEDS: Readonly<Record<number, string>> = {
  9: '^14.17.0 || ^16.13.0 || >=18.0.0',
  10: '^18.17.0 || >=20.5.0',
  11: '^20.17.0 || >=22.9.0',
  12: '^22.22.2 || ^24.15.0 || >=26.0.0',
}
const NPM_VERSIONS = ['11.21.2', '10.9.9', '9.9.4']
