import { forbidden } from '../kernel/http-error.ts'

/**
 * Apps live on sibling hosts, which browsers count as the same *site*: SameSite cookies do not keep an app's page
 * from calling Home's API. So calls are judged by *origin*, from the headers no page can forge: `Sec-Fetch-Site`
 * (not sent to plain http hosts other than localhost) and `Origin` (sent with every method but GET and HEAD).
 */
export type Provenance =
  /** The browser says that Home's own page made the request. */
  | 'same-origin'
  /** A person typed the address or followed a link; only ever a GET here. */
  | 'navigation'
  /** A page elsewhere made it. */
  | 'cross-origin'
  /** No browser headers at all: a program, or an old browser. */
  | 'unknown'

/** `ownOrigin`: Home answers on more than one host, and each is an origin of its own. */
export function provenanceOf(request: Request, ownOrigin: string): Provenance {
  const site = request.headers.get('sec-fetch-site')
  const origin = request.headers.get('origin')
  if (origin !== null && origin !== ownOrigin) return 'cross-origin'
  if (site === 'same-origin') return 'same-origin'
  if (isNavigation(request)) return 'navigation'
  if (site !== null) return 'cross-origin'
  return origin === null ? 'unknown' : 'same-origin'
}

/** A page may be opened from anywhere; anything that changes something is never a GET. */
export function isNavigation(request: Request): boolean {
  return (
    request.method === 'GET' &&
    request.headers.get('sec-fetch-mode') === 'navigate' &&
    request.headers.get('sec-fetch-dest') === 'document'
  )
}

/**
 * For calls without a credential, such as signing in: a page elsewhere must not be able to sign its own account in
 * here. Programs, which send neither header, pass. Throws 403.
 */
export function refuseCrossOrigin(request: Request, ownOrigin: string): void {
  if (provenanceOf(request, ownOrigin) === 'cross-origin')
    throw forbidden(
      `This call may only come from Home itself, at ${ownOrigin}: open it there. A proxy in front has to pass the Host header on as it is.`,
    )
}

/**
 * Whether the session cookie counts. Reading needs no proof: without it a browser would not show the answer to a
 * page elsewhere, and GET changes nothing. Everything else must be proved to come from Home's own page.
 */
export function mayUseCookie(request: Request, ownOrigin: string): boolean {
  const provenance = provenanceOf(request, ownOrigin)
  if (request.method === 'GET' || request.method === 'HEAD') return provenance !== 'cross-origin'
  return provenance === 'same-origin'
}
