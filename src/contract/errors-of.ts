import type { CallSpec } from './define-call.ts'
import { ERRORS, type ErrorCode } from './errors.ts'
import { kindOf } from './resources.ts'

/** Each error that a call may answer with, and when. Every call may also fail with `internal` and `unavailable`. */
export function errorsOf(call: CallSpec): Partial<Record<ErrorCode, string>> {
  const { auth, resource, query, body, perMinute, params, errors } = call
  const takesInput = query !== undefined || body !== undefined
  return {
    ...(takesInput && { invalid: ERRORS.invalid.when }),
    ...(auth === 'user' && { unauthorized: ERRORS.unauthorized.when }),
    ...(auth === 'public' &&
      call.method !== 'GET' && { forbidden: 'The page of another origin made the call.' }),
    ...((kindOf(resource) !== null || params !== undefined) && { not_found: ERRORS.not_found.when }),
    ...(body !== undefined && { too_large: ERRORS.too_large.when }),
    ...(perMinute !== undefined && { rate_limited: ERRORS.rate_limited.when }),
    ...errors,
  }
}
