import type { CallSpec } from './define-call.ts'
import { TOKEN_SCOPES } from './define-call.ts'
import { ERRORS, type ErrorCode } from './errors.ts'
import { kindOf } from './resources.ts'
import { scopesOf } from './scopes.ts'

const OUT_OF_SCOPE = 'The access token is limited to other calls.'

/** Each error that a call may answer with, and when. Every call may also fail with those of 500 and above. */
export function errorsOf(call: CallSpec): Partial<Record<ErrorCode, string>> {
  const { auth, resource, query, body, perMinute, params, errors } = call
  const takesInput = query !== undefined || body !== undefined
  return {
    ...(takesInput && { invalid: ERRORS.invalid.when }),
    ...(auth === 'user' && { unauthorized: ERRORS.unauthorized.when }),
    ...(auth === 'user' && scopesOf(call).length < TOKEN_SCOPES.length && { forbidden: OUT_OF_SCOPE }),
    ...(auth === 'public' &&
      call.method !== 'GET' && { forbidden: 'The page of another origin made the call.' }),
    ...((kindOf(resource) !== null || params !== undefined) && { not_found: ERRORS.not_found.when }),
    ...(body !== undefined && { too_large: ERRORS.too_large.when }),
    ...(perMinute !== undefined && { rate_limited: ERRORS.rate_limited.when }),
    ...errors,
  }
}
