import type { CallSpec } from './define-call.ts'
import { TOKEN_SCOPES } from './define-call.ts'
import { ERRORS, type ErrorCode } from './errors.ts'
import { kindOf } from './resources.ts'
import { scopesOf } from './scopes.ts'

const OUT_OF_SCOPE = 'The scope of the access token does not include this call.'

/** Each error of a call, and when it occurs. Every call may also fail with a status of 500 and above. */
export function errorsOf(call: CallSpec): Partial<Record<ErrorCode, string>> {
  const { auth, resource, query, body, perMinute, params, errors } = call
  const takesInput = query !== undefined || body !== undefined
  return {
    ...(takesInput && { invalid: ERRORS.invalid.when }),
    ...(auth === 'user' && { unauthorized: ERRORS.unauthorized.when }),
    ...(auth === 'user' && scopesOf(call).length < TOKEN_SCOPES.length && { forbidden: OUT_OF_SCOPE }),
    ...(auth === 'public' &&
      call.method !== 'GET' && { forbidden: 'A page of another origin made the call.' }),
    ...((kindOf(resource) !== null || params !== undefined) && { not_found: ERRORS.not_found.when }),
    ...(body !== undefined && { too_large: ERRORS.too_large.when }),
    ...(perMinute !== undefined && { rate_limited: ERRORS.rate_limited.when }),
    ...errors,
  }
}
