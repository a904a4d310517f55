import type { Pattern } from './pattern.ts'
import { addRule, createRuleIndex, findRule, type RuleNode } from './rule-index.ts'
import { honouredRules } from './rules.ts'
import { encodeRules, findEncoded } from './packed-rules.ts'
import { isExcepted } from './equivalent-paths.ts'
import type { Rule } from '../types.ts'

/** The public rules of one micro: most micros have a few simple ones, which are faster to try one by one. */
export type PublicRules =
  | { readonly kind: 'few'; readonly encoded: string; readonly rules: readonly Rule[] }
  | { readonly kind: 'many'; readonly index: RuleNode<Rule> }

const FEW = 8

/** The honoured rules, in the form that is faster for their number. */
export function compilePublic(rules: readonly Rule[]): PublicRules {
  const honoured = honouredRules(rules)
  const simple = honoured.flatMap(({ rule, pattern }) => (isSimple(pattern) ? [{ rule, pattern }] : []))
  if (honoured.length <= FEW && simple.length === honoured.length) {
    const encoded = encodeRules(simple.map(({ pattern }) => pattern))
    return { kind: 'few', encoded, rules: simple.map(({ rule }) => rule) }
  }
  const index = createRuleIndex<Rule>()
  for (const { rule, pattern } of honoured) addRule(index, pattern, rule)
  return { kind: 'many', index }
}

/** At most one star, and no exceptions. */
const isSimple = (pattern: Exclude<Pattern, { kind: 'invalid' }>): boolean =>
  pattern.kind === 'exact' || (pattern.middle.length === 0 && pattern.not.length === 0)

/** A rule that matches, or null. */
export function findPublic(open: PublicRules, text: string): Rule | null {
  if (open.kind === 'many') return findRule(open.index, text, isExcepted)
  const found = findEncoded(open.encoded, text)
  return found < 0 ? null : (open.rules[found] ?? null)
}
