import type { EffectiveRules, MicroRoutes, RuleSet } from './types.ts'

/** The rules that govern each micro, the primary's for paths below another mount included (DESIGN 4). */
export function assignRules(micros: readonly MicroRoutes[]): EffectiveRules[] {
  throw new Error(`not yet: ${micros.length}`)
}

/** Compiles the rules of one micro; matching is linear in the path, whatever the number of rules. */
export function compileRules(rules: Omit<EffectiveRules, 'micro'>): RuleSet {
  throw new Error(`not yet: ${rules.publicRules.length}`)
}
