import { isPlainPath } from '../paths/canonical-path.ts'
import { privateRuleFor, compilePrivate, type PrivateRules } from './private-rules.ts'
import { compilePublic, findPublic, type PublicRules } from './public-rules.ts'
import { spelledTextOf, textOf } from '../paths/path-ambiguity.ts'
import { isReservedPath } from '../paths/reserved-path.ts'
import { pageOfData } from './equivalent-paths.ts'
import type { EffectiveRules, PathVerdict, PrivateReason, Rule, RuleSet } from '../types.ts'

/**
 * Compiles the rules of one micro. Matching takes time linear in the path for any number of rules. A pattern that is
 * not understood fails closed: as a public rule it opens nothing, as a private one it closes everything.
 */
export const compileRules = (rules: Omit<EffectiveRules, 'micro'>): RuleSet => new CompiledRules(rules)

/** A class because of memory: with 100,000 apps, each step from object to object is a cache miss. */
class CompiledRules implements RuleSet {
  readonly #open: PublicRules
  readonly #closed: PrivateRules | null

  constructor({ publicRules, privateRules }: Omit<EffectiveRules, 'micro'>) {
    this.#open = compilePublic(publicRules)
    this.#closed = privateRules.length === 0 ? null : compilePrivate(privateRules)
  }

  judge(path: string): PathVerdict {
    if (!isPlainPath(path)) return AMBIGUOUS
    if (isReservedPath(path)) return isPrivate('reserved', null)
    const text = textOf(path)
    const verdict = this.#judgeText(text)
    if (verdict.kind === 'public' && !this.#isOpenAsSpelled(path, text))
      return isPrivate('ambiguous', verdict.rule)
    const page = verdict.kind === 'public' ? pageOfData(text) : null
    if (page === null || (pageOfData(page) === null && this.#judgeText(page).kind === 'public'))
      return verdict
    return isPrivate('page-data', verdict.rule)
  }

  /** Public only if both readings are: a router that does not decode would dispatch to another handler. */
  #isOpenAsSpelled(path: string, text: string): boolean {
    const spelled = spelledTextOf(path)
    return spelled === text || findPublic(this.#open, spelled) !== null
  }

  #judgeText(text: string): PathVerdict {
    const rule = findPublic(this.#open, text)
    if (rule === null) return NO_RULE
    const closing = this.#closed === null ? null : privateRuleFor(this.#closed, text)
    return closing === null ? { kind: 'public', rule } : isPrivate('private-rule', closing)
  }
}

const isPrivate = (why: PrivateReason, rule: Rule | null): PathVerdict => ({ kind: 'private', why, rule })
const NO_RULE = isPrivate('no-rule', null)
const AMBIGUOUS = isPrivate('ambiguous', null)
