import { outsideOf, servingMicro } from '../paths/mounts.ts'
import { coverOf, mayMeet } from '../rules/pattern-subsumes.ts'
import { parsePattern, type Pattern } from '../rules/pattern.ts'
import { assignRules } from '../rules/rules.ts'
import { MAX_EXAMPLES, outsidesOf, samplesOf, surfaceOf, type ExposedRoute, type Surface } from './surface.ts'
import { fold, pageOf } from '../rules/equivalent-paths.ts'
import type { MicroRoutes } from '../types.ts'

/** What a change does to the public surface of an app. */
export interface Exposure {
  /** Public rules that open something that was private; `examples` are such paths, if any were found. */
  readonly opens: readonly ExposedRoute[]
  /** Public rules that opened something that is private now. */
  readonly closes: readonly ExposedRoute[]
  /** Public rules that open nothing new. */
  readonly keeps: readonly ExposedRoute[]
}

/**
 * Compares two versions of an app; `before` is empty for a new one. When in doubt a rule counts as opening something: a
 * person who is asked to confirm must see everything.
 */
export function compareExposure(before: readonly MicroRoutes[], after: readonly MicroRoutes[]): Exposure {
  const old = withRegions(before)
  const fresh = withRegions(after)
  const paths = [...new Set([...old.regions, ...fresh.regions].flatMap(outsidesAround))].flatMap(samplesOf)
  const opened = routesOf(fresh.regions.filter((region) => !isOpenIn(old, region)))
  const closed = routesOf(old.regions.filter((region) => !isOpenIn(fresh, region)))
  return {
    opens: withDifferences(opened, fresh, old, paths),
    closes: withDifferences(closed, old, fresh, paths),
    keeps: fresh.surface.routes.filter((route) => !opened.includes(route)),
  }
}

const routesOf = (regions: readonly Region[]): ExposedRoute[] => [
  ...new Set(regions.map(({ route }) => route)),
]

/** The paths of a host that a rule opens: those of a pattern, without those that other patterns exclude. */
interface Region {
  readonly route: ExposedRoute
  readonly outside: string
  readonly pattern: Valid
  readonly covers: (narrow: Valid) => boolean
  readonly without: readonly Hole[]
}

interface Hole {
  readonly kind: 'mount' | 'private'
  readonly outside: string
  readonly pattern: Valid
  readonly covers: (narrow: Valid) => boolean
  /** Folded: the prefix of every path that it excludes. */
  readonly start: string
}

interface Regions {
  readonly micros: readonly MicroRoutes[]
  readonly surface: Surface
  readonly regions: readonly Region[]
}

type Valid = Exclude<Pattern, { kind: 'invalid' }>

/** Whether everything that `region` opens was open there: a single path is judged directly. */
function isOpenIn({ surface, regions }: Regions, region: Region): boolean {
  if (region.pattern.kind === 'wild') return regions.some((other) => holds(other, region))
  return samplesOf(region.outside).every((path) => surface.judge(path).kind === 'public')
}

/** Whether `wide` opens everything that `narrow` opens: it excludes nothing that `narrow` does not exclude. */
function holds(wide: Region, narrow: Region): boolean {
  if (!wide.covers(narrow.pattern)) return false
  return wide.without.every(
    (hole) =>
      !mayTakeFrom(hole, narrow.pattern) || narrow.without.some((other) => other.covers(hole.pattern)),
  )
}

/** A private rule also excludes the equivalent paths of what it matches. */
function mayTakeFrom(hole: Hole, pattern: Valid): boolean {
  if (hole.kind === 'mount') return mayMeet(hole.pattern, pattern)
  const head = fold(headOf(pattern))
  return hole.start.startsWith(head) || head.startsWith(hole.start) || head.includes('/_next')
}

const headOf = (pattern: Valid): string => (pattern.kind === 'exact' ? pattern.text : pattern.head)

function withRegions(micros: readonly MicroRoutes[]): Regions {
  const surface = surfaceOf(micros)
  const holes = new Map(micros.map((micro) => [micro.name, holesOf(micro, micros)]))
  const regions = surface.routes.flatMap((route): Region[] => {
    const micro = micros.find(({ name }) => name === route.micro)
    if (micro === undefined) return []
    const without = holes.get(micro.name) ?? []
    return outsidesOf(route.pattern, micro).flatMap((outside) => {
      const pattern = parsePattern(outside)
      return pattern.kind === 'invalid'
        ? []
        : [{ route, outside, pattern, covers: coverOf(pattern), without }]
    })
  })
  return { micros, surface, regions }
}

/** What a micro's public rules cannot open: mounts inside the micro's own mount, and its private routes. */
function holesOf(micro: MicroRoutes, micros: readonly MicroRoutes[]): Hole[] {
  const mounts = micros
    .filter((other) => !other.primary && other !== micro)
    .filter(({ mount }) => micro.primary || mount.startsWith(`${micro.mount}/`))
    .flatMap(({ mount }) => [holeOf('mount', mount), holeOf('mount', `${mount}/*`)])
  const closed = assignRules(micros).find((rules) => rules.micro === micro.name)?.privateRules ?? []
  return [...mounts, ...closed.map(({ pattern }) => holeOf('private', outsideOf(pattern, micro)))]
}

function holeOf(kind: Hole['kind'], outside: string): Hole {
  const parsed = parsePattern(outside)
  const pattern = parsed.kind === 'invalid' ? EVERYTHING : parsed
  return { kind, outside, pattern, covers: coverOf(pattern), start: pageOf(fold(headOf(pattern))) }
}

/** A private rule that is not understood closes everything. */
const EVERYTHING: Valid = { kind: 'wild', head: '/', middle: [], tail: '', not: [] }

const outsidesAround = ({ outside, without }: Region): string[] => [
  outside,
  ...without.map((hole) => hole.outside),
]

/**
 * The routes with examples of paths that they open in one version and that are private in the other, if any are found.
 */
function withDifferences(
  routes: readonly ExposedRoute[],
  here: Regions,
  there: Regions,
  paths: readonly string[],
): ExposedRoute[] {
  if (routes.length === 0) return []
  const differences = new Map<string, Set<string>>()
  for (const path of [...routes.flatMap(({ outside }) => samplesOf(outside)), ...paths]) {
    const verdict = here.surface.judge(path)
    if (verdict.kind !== 'public' || there.surface.judge(path).kind === 'public') continue
    const name = nameOf(servingMicro(here.micros, path)?.name, verdict.rule.pattern)
    const examples = differences.get(name) ?? new Set()
    differences.set(name, examples)
    if (examples.size < MAX_EXAMPLES) examples.add(path)
  }
  return routes.map((route) => ({
    ...route,
    examples: [...(differences.get(nameOf(route.micro, route.pattern)) ?? [])],
  }))
}

const nameOf = (micro: string | undefined, pattern: string): string => JSON.stringify([micro, pattern])
