/**
 * Access: who may pass. Owns canonical paths, public rules and the decision. Pure: no I/O, no clock of its own,
 * no import from any other room, so that it can be read, tested and fuzzed by itself.
 */
export { canonicalPath } from './canonical-path.ts'
export { isReservedPath } from './reserved-path.ts'
export { cookieValues } from './cookie-values.ts'
export { decide, identify } from './decide.ts'
export { isExpired, judgeKey } from './judge-key.ts'
export { isNavigation, originOf } from './provenance.ts'
export { assignRules, compileRules } from './rules.ts'
export { diagnoseRoutes } from './diagnose-routes.ts'
export type {
  CanonicalPath,
  CredentialBook,
  Decision,
  DecisionInput,
  EffectiveRules,
  Grant,
  KeyGrant,
  KeyScope,
  MicroRoutes,
  Place,
  Principal,
  RefusalReason,
  RequestFacts,
  RouteDiagnostic,
  Rule,
  RuleSet,
  SessionGrant,
} from './types.ts'
