import { canonicalPath } from './canonical-path.ts'
import { MAX_MULTI_STAR_RULES, MAX_RULES } from './limits.ts'
import { textOf } from './path-readings.ts'
import { parsePattern, trimmed, type Pattern } from './pattern.ts'
import { isReservedPath } from './reserved-path.ts'
import { addRule, createRuleIndex, findRule, type RuleNode } from './rule-index.ts'
import { fold, pageOfData, twinsOf } from './twins.ts'
import type { EffectiveRules, MicroRoutes, Rule, RuleSet } from './types.ts'

/**
 * The rules that govern each micro: its own, and those of the primary whose head lies below its mount, since the
 * primary never serves such a path (DESIGN 4). `/*` on the primary never reaches another micro.
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
  return from[list].flatMap((entry) => {
    const pattern = trimmed(entry)
    const owner = from.primary ? microBelow(micros, pattern) : undefined
    if ((owner ?? from) !== micro) return []
    return [{ pattern: owner === undefined ? pattern : belowMount(owner.mount, pattern), from: from.name }]
  })
}

/** The micro, other than the primary, that serves every path this pattern matches. */
function microBelow(micros: readonly MicroRoutes[], pattern: string): MicroRoutes | undefined {
  return micros
    .filter((micro) => !micro.primary && micro.mount !== '/')
    .filter(({ mount }) => pattern === mount || pattern.startsWith(`${mount}/`))
    .sort((a, b) => b.mount.length - a.mount.length)[0]
}

const belowMount = (mount: string, pattern: string): string => pattern.slice(mount.length) || '/'

/**
 * Compiles the rules of one micro. Matching takes time linear in the path, whatever the number of rules. What cannot
 * be understood fails closed: as a public rule it opens nothing, as a private one it closes everything.
 */
export function compileRules(rules: Omit<EffectiveRules, 'micro'>): RuleSet {
  const open = compileOpen(rules.publicRules)
  const closed = rules.privateRules.length === 0 ? null : compileClosed(rules.privateRules)
  const openRule = (text: string): Rule | null => {
    const rule = findRule(open, text, isException)
    return rule === null || closed === null || !isClosed(closed, text) ? rule : null
  }
  return {
    publicRule(path) {
      const target = canonicalPath(path)
      if (target.kind === 'malformed' || !target.isPlain || isReservedPath(path)) return null
      const text = textOf(path)
      const rule = openRule(text)
      if (rule === null) return null
      const page = pageOfData(text)
      const isSafe = page === null || (pageOfData(page) === null && openRule(page) !== null)
      return isSafe ? rule : null
    },
  }
}

function compileOpen(rules: readonly Rule[]): RuleNode<Rule> {
  const index = createRuleIndex<Rule>()
  let multiStar = 0
  for (const rule of rules.slice(0, MAX_RULES)) {
    const pattern = parsePattern(rule.pattern)
    if (pattern.kind === 'invalid') continue
    if (isMultiStar(pattern) && ++multiStar > MAX_MULTI_STAR_RULES) continue
    addRule(index, pattern, rule)
  }
  return index
}

/** Folded patterns, to be tried on every twin of a path; `'all'` if one of them is not understood or there are too many. */
type Closed = RuleNode<Rule> | 'all'

function compileClosed(rules: readonly Rule[]): Closed {
  const index = createRuleIndex<Rule>()
  const patterns = rules.map((rule) => ({ rule, pattern: foldPattern(parsePattern(rule.pattern)) }))
  const multiStar = patterns.filter(({ pattern }) => isMultiStar(pattern)).length
  if (rules.length > MAX_RULES || multiStar > MAX_MULTI_STAR_RULES) return 'all'
  for (const { rule, pattern } of patterns) {
    if (pattern.kind === 'invalid') return 'all'
    addRule(index, pattern, rule)
  }
  return index
}

function foldPattern(pattern: Pattern): Pattern {
  if (pattern.kind === 'exact') return { kind: 'exact', text: fold(pattern.text) }
  if (pattern.kind === 'invalid') return pattern
  const { head, middle, tail } = pattern
  return { ...pattern, head: fold(head), middle: middle.map(fold), tail: fold(tail) }
}

const isMultiStar = (pattern: Pattern): boolean => pattern.kind === 'wild' && pattern.middle.length > 0

const isClosed = (closed: Closed, text: string): boolean =>
  closed === 'all' || twinsOf(text).some((twin) => findRule(closed, twin, never) !== null)

/** Exceptions of a private rule would open what lies behind them; they are ignored. */
const never = (): boolean => false

function isException(not: readonly string[], rest: string): boolean {
  const twins = twinsOf(`/${rest}`).map((twin) => twin.slice(1))
  return twins.some((twin) => not.some((start) => twin.startsWith(start)))
}
