import { MAX_MULTI_STAR_RULES, MAX_RULES } from '../limits.ts'
import { belowMount } from '../paths/mounts.ts'
import { parsePattern, trimmed, type Pattern } from './pattern.ts'
import type { EffectiveRules, MicroRoutes, Rule } from '../types.ts'

/**
 * The rules that govern each micro: its own, and those of the primary whose head lies below its mount, since the
 * primary never serves such a path. `/*` on the primary never reaches another micro.
 */
export function assignRules(micros: readonly MicroRoutes[]): EffectiveRules[] {
  return micros.map((micro) => ({
    micro: micro.name,
    publicRules: micros.flatMap((from) => governing(from, 'publicRoutes', micro, micros)),
    privateRules: micros.flatMap((from) => governing(from, 'privateRoutes', micro, micros)),
  }))
}

function governing(
  from: MicroRoutes,
  list: 'publicRoutes' | 'privateRoutes',
  micro: MicroRoutes,
  micros: readonly MicroRoutes[],
): Rule[] {
  return from[list]
    .map((entry) => placeOf(entry, from, micros))
    .filter((place) => place.micro === micro)
    .map(({ pattern }) => ({ pattern, from: from.name }))
}

/** The micro that an entry governs, and the pattern below that micro's mount. */
export function placeOf(
  entry: string,
  from: MicroRoutes,
  micros: readonly MicroRoutes[],
): { readonly micro: MicroRoutes; readonly pattern: string } {
  const pattern = trimmed(entry)
  const owner = from.primary ? microBelow(micros, pattern) : undefined
  return owner === undefined
    ? { micro: from, pattern }
    : { micro: owner, pattern: belowMount(pattern, owner) }
}

/** The micro, other than the primary, that serves every path this pattern matches. */
function microBelow(micros: readonly MicroRoutes[], pattern: string): MicroRoutes | undefined {
  return micros
    .filter((micro) => !micro.primary && micro.mount !== '/')
    .filter(({ mount }) => pattern === mount || pattern.startsWith(`${mount}/`))
    .sort((a, b) => b.mount.length - a.mount.length)[0]
}

/** The public rules of one micro that count: those that are understood, within the bounds. */
export function honouredRules<R extends { readonly pattern: string }>(
  rules: readonly R[],
): { readonly rule: R; readonly pattern: Exclude<Pattern, { kind: 'invalid' }> }[] {
  let multiStar = 0
  return rules.slice(0, MAX_RULES).flatMap((rule) => {
    const pattern = parsePattern(rule.pattern)
    if (pattern.kind === 'invalid') return []
    if (isMultiStar(pattern) && ++multiStar > MAX_MULTI_STAR_RULES) return []
    return [{ rule, pattern }]
  })
}

/** Patterns with more than one star have to be searched one by one, so few are allowed. */
export const isMultiStar = (pattern: Pattern): boolean => pattern.kind === 'wild' && pattern.middle.length > 0
