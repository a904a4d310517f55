import { domainsAbove, pathsTo } from '../../access/index.ts'
import { isOurCookie } from './cookies.ts'

/** Of all lines together; browsers read an answer's head up to 256 kB. */
const MAX_BYTES = 131_072
/** Every segment of a path can have cookies of its own, with and without a slash behind it. */
const MAX_PATHS = 16

export interface ForeignCookies {
  readonly hostname: string
  readonly path: string
  readonly names: readonly string[]
  readonly scheme: 'http' | 'https'
}

/**
 * `Set-Cookie` values that remove cookies of these names for the host's domain and every one above it, as many as fit. An
 * answer of an app cannot set such cookies and we never do: a script has set them. Cookies of the host alone stay, so
 * that no session ends and no app loses a cookie of its own.
 */
export function cookieRemovals({ hostname, path, names, scheme }: ForeignCookies): string[] {
  const paths = pathsTo(PLAIN_PATH.test(path) ? path : '/', MAX_PATHS)
  // A cookie that is kept by the top-level site is another one (CHIPS), and removed only as such.
  const kinds = scheme === 'https' ? ['; Secure', '; Secure; Partitioned'] : ['']
  const removals: string[] = []
  let bytes = 0
  for (const where of paths.flatMap((one) => domainsOf(hostname).map((domain) => ({ path: one, domain }))))
    for (const name of names.filter((one) => where.domain !== hostname || !isOurCookie(one)))
      for (const kind of kinds) {
        // A value, since one without name and value is no cookie.
        const removal = `${name}=-; Domain=${where.domain}; Path=${where.path}; Max-Age=0${kind}`
        bytes += removal.length
        if (bytes > MAX_BYTES) return removals
        removals.push(removal)
      }
  return removals
}

/** Anything else would end the attribute. */
const PLAIN_PATH = /^\/[\x21-\x3a\x3c-\x7e]*$/

/** The host itself, too: for Home it is what pages of apps set cookies for. */
const domainsOf = (hostname: string): string[] => {
  const above = domainsAbove(hostname)
  const isName = hostname.includes('.') && !/^[\d.]+$/.test(hostname)
  return isName ? [...above.toReversed(), hostname] : above
}
