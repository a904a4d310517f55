/**
 * Where a cookie that comes with a request may have been set (RFC 6265, 5.1.3 and 5.1.4): a request shows neither Domain
 * nor Path, and a cookie is removed only by naming both.
 */

/** The longest name that DNS knows (RFC 1035, 2.3.4). A request may claim a longer one, of thousands of labels. */
const MAX_HOSTNAME_CHARS = 253

/** Every domain above the host for which a page of it can set cookies, the nearest first; none of a single label. */
export function domainsAbove(hostname: string): string[] {
  if (isAddress(hostname) || hostname.length > MAX_HOSTNAME_CHARS) return []
  const labels = hostname.split('.')
  return labels.slice(1, -1).map((_, at) => labels.slice(at + 1).join('.'))
}

const isAddress = (hostname: string): boolean => hostname.includes(':') || /^[\d.]+$/.test(hostname)

/**
 * Every path whose cookies are sent with a request for `pathname`, the shortest first, at most `most`: all paths of a long
 * one together are as long as the square of its length.
 */
export function pathsTo(pathname: string, most: number): string[] {
  const folders: string[] = []
  for (let at = pathname.indexOf('/'); at >= 0 && folders.length < most; at = pathname.indexOf('/', at + 1))
    folders.push(pathname.slice(0, at + 1))
  const withoutSlash = folders.slice(1).map((path) => path.slice(0, -1))
  return [...new Set([...folders, ...withoutSlash, pathname])].slice(0, most)
}
