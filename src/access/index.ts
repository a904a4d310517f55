/**
 * Access: who may pass. Owns canonical paths, public rules and the decision. Pure: no I/O, no clock of its own,
 * no import from any other room, so that it can be read, tested and fuzzed by itself.
 */
export { canonicalPath } from './canonical-path.ts'
export { isReservedPath } from './reserved-path.ts'
export { cookieValues } from './cookie-values.ts'
export { decide, identify } from './decide.ts'
export { explain } from './explain.ts'
export type { Explanation, ExplainInput } from './explain.ts'
export { compareExposure } from './exposure.ts'
export type { Exposure } from './exposure.ts'
export { warnAboutExposure } from './exposure-warnings.ts'
export type { ExposureWarning } from './exposure-warnings.ts'
export { isExpired, judgeKey } from './judge-key.ts'
export { belowMount, encodeMounts, findMounted, servingMicro } from './mounts.ts'
export { narrow } from './overrides.ts'
export type { Override } from './overrides.ts'
export { isNavigation, originOf } from './provenance.ts'
export { compileRules } from './compile-rules.ts'
export { assignRules } from './rules.ts'
export { diagnoseRoutes } from './diagnose-routes.ts'
export { surfaceOf } from './surface.ts'
export type { ExposedRoute, Surface } from './surface.ts'
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
  PathVerdict,
  Place,
  Principal,
  PrivateReason,
  RefusalReason,
  RequestFacts,
  RouteDiagnostic,
  Rule,
  RuleSet,
  SessionGrant,
} from './types.ts'
