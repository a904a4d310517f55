import type { CallSpec, LimitedScope, TokenScope } from './define-call.ts'

/** The scopes whose access tokens may make the call. Without a list, a GET takes tokens that may read. */
export function scopesOf({ method, scopes }: CallSpec): readonly TokenScope[] {
  const limited: readonly LimitedScope[] = scopes ?? (method === 'GET' ? ['read'] : [])
  return ['all', ...limited]
}
