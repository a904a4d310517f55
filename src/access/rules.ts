import { canonicalPath } from './canonical-path.ts'
import { MAX_MULTI_STAR_RULES, MAX_RULES } from './limits.ts'
import { belowMount } from './mounts.ts'
import { textOf } from './path-readings.ts'
import { parsePattern, trimmed, type Pattern } from './pattern.ts'
import { isReservedPath } from './reserved-path.ts'
import { addRule, createRuleIndex, findRule, type RuleNode } from './rule-index.ts'
import { fold, isExcepted, pageOfData, twinsOf } from './twins.ts'
import type { EffectiveRules, MicroRoutes, PathVerdict, PrivateReason, Rule, RuleSet } from './types.ts'

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
  return from[list]
    .map((entry) => placeOf(entry, from, micros))
    .filter((place) => place.micro === micro)
    .map(({ pattern }) => ({ pattern, from: from.name }))
}

/** The micro that an entry governs, and what it says below that micro's mount. */
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

/**
 * Compiles the rules of one micro. Matching takes time linear in the path, whatever the number of rules. What cannot
 * be understood fails closed: as a public rule it opens nothing, as a private one it closes everything.
 */
export function compileRules(rules: Omit<EffectiveRules, 'micro'>): RuleSet {
  const open = compileOpen(rules.publicRules)
  const closed = rules.privateRules.length === 0 ? null : compileClosed(rules.privateRules)

  const judgeText = (text: string): PathVerdict => {
    const rule = findRule(open, text, isExcepted)
    if (rule === null) return isPrivate('no-rule', null)
    const closing = closed === null ? null : closingRule(closed, text)
    return closing === null ? { kind: 'public', rule } : isPrivate('private-rule', closing)
  }
  return {
    judge(path) {
      const target = canonicalPath(path)
      const isPlain = target.kind === 'path' && target.isPlain && target.query === ''
      if (!isPlain) return isPrivate('ambiguous', null)
      if (isReservedPath(path)) return isPrivate('reserved', null)
      const text = textOf(path)
      const verdict = judgeText(text)
      const page = verdict.kind === 'public' ? pageOfData(text) : null
      if (page === null || (pageOfData(page) === null && judgeText(page).kind === 'public')) return verdict
      return isPrivate('page-data', verdict.rule)
    },
  }
}

const isPrivate = (why: PrivateReason, rule: Rule | null): PathVerdict => ({ kind: 'private', why, rule })

function compileOpen(rules: readonly Rule[]): RuleNode<Rule> {
  const index = createRuleIndex<Rule>()
  for (const { rule, pattern } of honouredRules(rules)) addRule(index, pattern, rule)
  return index
}

/** Those public rules of one micro that count: the ones that are understood, within the bounds. */
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

/** Folded patterns, to be tried on every twin of a path. */
interface Closed {
  readonly index: RuleNode<Rule>
  /** One that is not understood, or one too many: it closes everything. */
  readonly all: Rule | null
}

function compileClosed(rules: readonly Rule[]): Closed {
  const index = createRuleIndex<Rule>()
  let all = rules[MAX_RULES] ?? null
  let multiStar = 0
  for (const rule of rules) {
    const pattern = foldPattern(parsePattern(rule.pattern))
    if (isMultiStar(pattern)) multiStar++
    if (pattern.kind === 'invalid' || multiStar > MAX_MULTI_STAR_RULES) all ??= rule
    else addRule(index, pattern, rule)
  }
  return { index, all }
}

function foldPattern(pattern: Pattern): Pattern {
  if (pattern.kind === 'exact') return { kind: 'exact', text: fold(pattern.text) }
  if (pattern.kind === 'invalid') return pattern
  const { head, middle, tail } = pattern
  return { ...pattern, head: fold(head), middle: middle.map(fold), tail: fold(tail) }
}

const isMultiStar = (pattern: Pattern): boolean => pattern.kind === 'wild' && pattern.middle.length > 0

function closingRule({ index, all }: Closed, text: string): Rule | null {
  if (all !== null) return all
  for (const twin of twinsOf(text)) {
    const rule = findRule(index, twin, never)
    if (rule !== null) return rule
  }
  return null
}

/** Exceptions of a private rule would open what lies behind them; they are ignored. */
const never = (): boolean => false
