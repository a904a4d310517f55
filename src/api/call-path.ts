/**
 * The path by which the route table knows a call to Home; null for a page or a file. Clients are configured with a root
 * and append `/v0/…` to it: a root without `/api`, or with a final slash, means the same call. Only the choice of the
 * row follows this; signatures cover the target as it was sent.
 */
export function callPath(pathname: string): string | null {
  const api = pathname.match(/^\/+(?:api\/+)?v0(\/.*)?$/)
  if (api) return `/api/v0${withoutFinalSlash(api[1] ?? '')}`
  return /^\/(api|auth)(\/|$)/.test(pathname) ? pathname : null
}

const withoutFinalSlash = (path: string) => (path.endsWith('/') ? path.slice(0, -1) : path)
