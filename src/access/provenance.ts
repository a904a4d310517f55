import type { RequestFacts } from './types.ts'

/** A browser is going to show the answer as a page, so a redirect to sign in makes sense. */
export function isNavigation(request: RequestFacts): boolean {
  throw new Error(`not yet: ${request.method}`)
}

/** The origin (RFC 6454) a browser would name for this `Host` value: lower-case, without the scheme's own port. */
export function originOf(scheme: 'http' | 'https', host: string): string {
  throw new Error(`not yet: ${scheme} ${host}`)
}
