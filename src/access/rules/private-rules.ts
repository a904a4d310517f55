import { MAX_MULTI_STAR_RULES, MAX_RULES } from '../limits.ts'
import { parsePattern, type Pattern } from './pattern.ts'
import { addRule, createRuleIndex, findRule, isNearRule, type RuleNode } from './rule-index.ts'
import { isMultiStar } from './rules.ts'
import { fold, sharedByEquivalents, equivalentsOf } from './equivalent-paths.ts'
import type { Rule } from '../types.ts'

/** The private rules of one micro: folded patterns, tried on every equivalent of a path. */
export interface PrivateRules {
  readonly index: RuleNode<Rule>
  /** A rule that is not understood, or one too many: it closes everything. */
  readonly all: Rule | null
}

/** Every rule counts: one that cannot be compiled, or one too many, closes everything. */
export function compilePrivate(rules: readonly Rule[]): PrivateRules {
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

/** The private rule that closes a path, or null. */
export function privateRuleFor({ index, all }: PrivateRules, text: string): Rule | null {
  if (all !== null) return all
  // Most paths cannot match any private rule: their equivalents need not be computed.
  if (!isNearRule(index, sharedByEquivalents(fold(text)))) return null
  for (const equivalent of equivalentsOf(text)) {
    const rule = findRule(index, equivalent, never)
    if (rule !== null) return rule
  }
  return null
}

/** Exceptions of a private rule are ignored, because they would open the excepted paths. */
const never = (): boolean => false
