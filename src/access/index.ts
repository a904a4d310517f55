/**
 * Access: which requests may pass. Owns canonical paths (`paths/`), public and private rules (`rules/`), the decision
 * (`decision/`), and its explanation for the owner (`exposure/`). Pure: no I/O, no clock of its own, no import from any
 * other module, so that it can be read, tested and fuzzed by itself. Start at `decision/decide.ts`.
 */
export { MAX_SESSION_TOKENS } from './limits.ts'

export { canonicalPath } from './paths/canonical-path.ts'
export { belowMount, encodeMounts, findMounted, servingMicro } from './paths/mounts.ts'
export { isReservedPath } from './paths/reserved-path.ts'

export { compileRules } from './rules/compile-rules.ts'
export { diagnoseRoutes } from './rules/diagnose-routes.ts'
export { assignRules } from './rules/rules.ts'

export { domainsAbove, pathsTo } from './decision/cookie-scopes.ts'
export { cookieValues } from './decision/cookie-values.ts'
export { decide, identify } from './decision/decide.ts'
export { isExpired, judgeKey } from './decision/judge-key.ts'
export { principalText } from './decision/principal-text.ts'
export { isNavigation, originOf } from './decision/same-origin.ts'

export { explain } from './exposure/explain.ts'
export type { Explanation, ExplainInput } from './exposure/explain.ts'
export { compareExposure } from './exposure/exposure.ts'
export type { Exposure } from './exposure/exposure.ts'
export { warnAboutExposure } from './exposure/exposure-warnings.ts'
export type { ExposureWarning } from './exposure/exposure-warnings.ts'
export { applyOverrides } from './exposure/overrides.ts'
export type { Override } from './exposure/overrides.ts'
export { surfaceOf } from './exposure/surface.ts'
export type { ExposedRoute, Surface } from './exposure/surface.ts'

export type {
  CanonicalPath,
  CredentialLookup,
  Decision,
  DecisionInput,
  EffectiveRules,
  Grant,
  KeyRecord,
  KeyScope,
  MicroRoutes,
  PathVerdict,
  RouteFacts,
  Principal,
  PrivateReason,
  RefusalReason,
  RequestFacts,
  RouteDiagnostic,
  Rule,
  RuleSet,
  SessionRecord,
} from './types.ts'
