import { forbidden } from '../kernel/http-error.ts'

/**
 * Apps live on sibling hosts, which browsers count as the same *site*: SameSite cookies do not keep an app's page
 * from calling Home's API. So calls are checked by *origin*, from headers that a page cannot forge: `Sec-Fetch-Site`
 * (not sent to plain http hosts other than localhost) and `Origin` (sent with every method but GET and HEAD).
 */
export type RequestSource =
  /** A page of this same origin made the request. */
  | 'same-origin'
  /** A person typed the address or followed a link; always a GET. */
  | 'navigation'
  /** A page of another origin made the request. */
  | 'cross-origin'
  /** Neither header was sent: a program, or an old browser. */
  | 'unknown'

/** `ownOrigin`: the origin that the request was sent to, because Home answers on more than one host. */
export function sourceOf(request: Request, ownOrigin: string): RequestSource {
  const site = request.headers.get('sec-fetch-site')
  const origin = request.headers.get('origin')
  if (origin !== null && origin !== ownOrigin) return 'cross-origin'
  if (site === 'same-origin') return 'same-origin'
  if (isNavigation(request)) return 'navigation'
  if (site !== null) return 'cross-origin'
  return origin === null ? 'unknown' : 'same-origin'
}

/** Any site may link to a page here, which is safe because no GET changes anything. */
export function isNavigation(request: Request): boolean {
  return (
    request.method === 'GET' &&
    request.headers.get('sec-fetch-mode') === 'navigate' &&
    request.headers.get('sec-fetch-dest') === 'document'
  )
}

/**
 * For calls without a credential, such as signing in: a page of another origin must not sign this browser in to its own
 * account. Programs, which send neither header, pass. Throws 403.
 */
export function refuseCrossOrigin(request: Request, ownOrigin: string): void {
  if (sourceOf(request, ownOrigin) === 'cross-origin')
    throw forbidden(
      `Only pages of Home at ${ownOrigin} may make this call: open Home at that address. If a reverse proxy is in front, make it pass the Host header on unchanged.`,
    )
}

/**
 * Whether the session cookie counts. A GET may have unknown source: a browser does not show the answer to a page of
 * another origin, and GET changes nothing. Every other method must be proved to come from a page of Home.
 */
export function mayUseCookie(request: Request, ownOrigin: string): boolean {
  const source = sourceOf(request, ownOrigin)
  if (request.method === 'GET' || request.method === 'HEAD') return source !== 'cross-origin'
  return source === 'same-origin'
}
