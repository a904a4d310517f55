import type { RequestFacts } from '../types.ts'

/**
 * Whether a session cookie may authenticate this request. Sibling apps share a site, so `SameSite` does not keep them
 * apart: the request has to come from a page of exactly this origin, or be a top-level GET of the user. Browsers tell
 * by `Sec-Fetch-Site` (Fetch Metadata), older ones and plain http by `Origin`. A request with neither, whose method
 * changes nothing, is a program with a copy of the cookie, or a plain GET of an old browser.
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

/** Whether a browser is going to show the answer as a page, so that a redirect to sign in makes sense. */
export function isNavigation(request: RequestFacts): boolean {
  if (request.isUpgrade) return false
  if (request.secFetchMode !== null) return isTopLevel(request)
  // On plain http there is no Fetch Metadata: a form is recognised by the origin of its page.
  const isAsked = isSafeMethod(request.method) || request.originHeader === request.origin
  return isAsked && (request.accept ?? '').includes('text/html')
}

const isTopLevel = (request: RequestFacts): boolean =>
  request.secFetchMode === 'navigate' && request.secFetchDest === 'document'

/** Methods that browsers send without `Origin` (RFC 9110, 9.2.1). */
const isSafeMethod = (method: string): boolean => method === 'GET' || method === 'HEAD'

/** The origin (RFC 6454, 6.2) that a browser sends for this `Host` value: lower-case, without the scheme's own port. */
export function originOf(scheme: 'http' | 'https', host: string): string {
  const ownPort = scheme === 'http' ? ':80' : ':443'
  const name = host.toLowerCase()
  return `${scheme}://${name.endsWith(ownPort) ? name.slice(0, -ownPort.length) : name}`
}
