import type { RequestFacts } from '../types.ts'

/**
 * Whether a session cookie may speak for this request. Sibling apps share a site, so `SameSite` does not keep them
 * apart: the request has to come from a page of this very origin, or be the person going there (a top-level GET).
 * Browsers say which by `Sec-Fetch-Site` (Fetch Metadata), older ones and plain http by `Origin`. A request that says
 * neither, and changes nothing, is a program with a copy of the cookie, or an old browser's plain GET.
 */
export function isOwnRequest(request: RequestFacts): boolean {
  const { originHeader, origin, secFetchSite } = request
  if (request.isUpgrade) return originHeader === origin
  switch (secFetchSite) {
    case null:
      return originHeader === null ? isSafeMethod(request.method) : originHeader === origin
    case 'same-origin':
      // A page with `Referrer-Policy: no-referrer` sends `null` with its own forms.
      return originHeader === null || originHeader === 'null' || originHeader === origin
    case 'none':
      return true
    case 'same-site':
    case 'cross-site':
      return request.method === 'GET' && isTopLevel(request)
    default:
      return false
  }
}

/** A browser is going to show the answer as a page of its own, so a redirect to sign in makes sense. */
export function isNavigation(request: RequestFacts): boolean {
  if (request.isUpgrade) return false
  if (request.secFetchMode !== null) return isTopLevel(request)
  // Plain http tells nothing by Fetch Metadata: there a form is known by its page's origin.
  const isAsked = isSafeMethod(request.method) || request.originHeader === request.origin
  return isAsked && (request.accept ?? '').includes('text/html')
}

const isTopLevel = (request: RequestFacts): boolean =>
  request.secFetchMode === 'navigate' && request.secFetchDest === 'document'

/** Those that browsers send without `Origin` (RFC 9110, 9.2.1). */
const isSafeMethod = (method: string): boolean => method === 'GET' || method === 'HEAD'

/** The origin (RFC 6454, 6.2) that a browser names for this `Host` value: lower-case, without the scheme's own port. */
export function originOf(scheme: 'http' | 'https', host: string): string {
  const ownPort = scheme === 'http' ? ':80' : ':443'
  const name = host.toLowerCase()
  return `${scheme}://${name.endsWith(ownPort) ? name.slice(0, -ownPort.length) : name}`
}
