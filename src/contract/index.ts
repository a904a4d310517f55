/**
 * The contract: each HTTP call of Home and of `/__space/*` as data, with method, path, who may call, whose resource it
 * names, input, output and errors. The API validates with it, the command line and Home take their types from it, and
 * docs/api.md and the OpenAPI document are generated from it. Pure: imports zod only, and does nothing. Start reading at
 * apps.ts; a new call is a `defineCall` in the file of its subject.
 */
export * as calls from './all.ts'
export type { ApiAnswer, ApiCallName, ApiInput } from './client-types.ts'
export { BODY_BOUNDS, type BodyBound, type BodySpec } from './body.ts'
export { CALLS, SUBJECTS } from './calls.ts'
export {
  type Auth,
  type BodyOf,
  type CallSpec,
  type DeepReadonly,
  type InputOf,
  type LimitedScope,
  nameOf,
  type Method,
  type OutputOf,
  type ParamsOf,
  type QueryOf,
} from './define-call.ts'
export { errorAnswer, type ErrorCode, ERRORS } from './errors.ts'
export { errorsOf } from './errors-of.ts'
export { scopesOf } from './scopes.ts'
export { openApiDocument } from './openapi.ts'
export { type CallResource, kindOf, type ResourceKind, RESOURCES } from './resources.ts'
export type * from './types.ts'
