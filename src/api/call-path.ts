/**
 * The path of a call to Home as the route table spells it; null for a page or a file. Clients are configured with a root
 * URL and append `/v0/…` to it: a root without `/api`, or with a final slash, names the same call. Only the choice of the
 * row uses this path; signatures cover the target as it was sent.
 */
export function callPath(pathname: string): string | null {
  const api = pathname.match(/^\/+(?:api\/+)?v0(\/.*)?$/)
  if (api) return `/api/v0${withoutFinalSlash(api[1] ?? '')}`
  return /^\/(api|auth)(\/|$)/.test(pathname) ? pathname : null
}

const withoutFinalSlash = (path: string) => (path.endsWith('/') ? path.slice(0, -1) : path)
