/**
 * Where a cookie of a request may have been set (RFC 6265, 5.1.3 and 5.1.4): a request shows neither Domain nor Path,
 * and a cookie is removed only by naming both.
 */

/** Every domain above the host for which a page of the host can set cookies, the nearest first; no single label. */
export function domainsAbove(hostname: string): string[] {
  if (isAddress(hostname)) return []
  const labels = hostname.split('.')
  return labels.slice(1, -1).map((_, at) => labels.slice(at + 1).join('.'))
}

const isAddress = (hostname: string): boolean => hostname.includes(':') || /^[\d.]+$/.test(hostname)

/** Every path whose cookies are sent with a request for `pathname`, the shortest first. */
export function pathsTo(pathname: string): string[] {
  const segments = pathname.split('/').slice(1)
  const folders = segments.map((_, at) => ['', ...segments.slice(0, at), ''].join('/'))
  return [...new Set([...folders, ...folders.map((path) => path.replace(/(?<=.)\/$/, '')), pathname])]
}
