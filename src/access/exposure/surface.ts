import { MAX_RULES } from '../limits.ts'
import { belowMount, outsideOf, servingMicro } from '../paths/mounts.ts'
import { covers } from '../rules/pattern-subsumes.ts'
import { parsePattern } from '../rules/pattern.ts'
import { compileRules } from '../rules/compile-rules.ts'
import { assignRules } from '../rules/rules.ts'
import type { MicroRoutes, PathVerdict } from '../types.ts'

/** One public rule of an app, as seen from outside. */
export interface ExposedRoute {
  /** The micro that serves the paths. */
  readonly micro: string
  /** Below the micro's mount. */
  readonly pattern: string
  /** From the root of the app's host. */
  readonly outside: string
  /** The micro whose Spacefile entry it is. */
  readonly from: string
  /** Examples of paths that it opens, from the root of the host; empty if it opens nothing. */
  readonly examples: readonly string[]
}

/** Everything that is public of an app, without patterns that are not honoured. */
export interface Surface {
  readonly routes: readonly ExposedRoute[]
  /** `path`: from the root of the host, percent-encoded. */
  judge(path: string): PathVerdict
}

/** What is public of an app with these micros, and a judge of paths by the same rules as the gateway. */
export function surfaceOf(micros: readonly MicroRoutes[]): Surface {
  const effective = assignRules(micros)
  const ruleSets = new Map(effective.map((rules) => [rules.micro, compileRules(rules)]))
  const judge = (path: string): PathVerdict => {
    const micro = servingMicro(micros, path)
    const rules = micro === null ? undefined : ruleSets.get(micro.name)
    if (micro === null || rules === undefined) return { kind: 'private', why: 'no-rule', rule: null }
    return rules.judge(belowMount(path, micro))
  }
  const routes = micros.flatMap((micro) => {
    const rules = effective.find((rules) => rules.micro === micro.name)?.publicRules ?? []
    return rules
      .slice(0, MAX_RULES)
      .filter(({ pattern }) => parsePattern(pattern).kind !== 'invalid')
      .map(({ pattern, from }): ExposedRoute => {
        const outside = outsidesOf(pattern, micro)
        const examples = outside.flatMap(samplesOf).filter((path) => judge(path).kind === 'public')
        const [shown = pattern] = outside
        return { micro: micro.name, pattern, outside: shown, from, examples: examples.slice(0, MAX_EXAMPLES) }
      })
  })
  return { routes, judge }
}

export const MAX_EXAMPLES = 3

/**
 * The patterns that together equal `pattern`, seen from outside: a micro's `/` is its mount with and without a slash.
 */
export function outsidesOf(pattern: string, micro: MicroRoutes): string[] {
  const outside = outsideOf(pattern, micro)
  if (micro.primary || micro.mount === '/') return [outside]
  if (pattern === '/') return [micro.mount, outside]
  const parsed = parsePattern(pattern)
  return parsed.kind !== 'invalid' && covers(parsed, ROOT) ? [outside, micro.mount] : [outside]
}

const ROOT = { kind: 'exact', text: '/' } as const

/** Examples for a star, the easiest to understand first. */
const FILLINGS = ['example', '', 'any/depth', 'x', 'a-b_1']

/** Paths that a pattern matches. Some may be private for another reason. */
export function samplesOf(outside: string): string[] {
  const pattern = parsePattern(outside)
  if (pattern.kind === 'invalid') return []
  const pieces = pattern.kind === 'exact' ? [pattern.text] : [pattern.head, ...pattern.middle, pattern.tail]
  const paths = FILLINGS.map((filling) => encodePath(pieces.join(filling)))
  return [...new Set(paths)]
}

/**
 * A character that some routers distinguish from its encoded form stays raw, because only the raw form is public (see
 * `spelledTextOf`).
 */
const encodePath = (text: string): string =>
  encodeURI(text)
    .replaceAll('?', '%3F')
    .replaceAll('#', '%23')
    .replace(/%(5B|5D|5E|7C)/g, decodeURIComponent)
