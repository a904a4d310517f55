import { isLocalName } from '../config/index.ts'
import { BOUNDS } from './rate-limiters.ts'

/** Printable ASCII without the backslash, which browsers read as a slash. No blank, tab or line break, which they skip. */
const PLAIN = /^[\x21-\x5b\x5d-\x7e]+$/

/**
 * A path and query to return to on the same host, as given or `/` when it could lead anywhere else. `//host` and `/\host`
 * name another host; a control character can hide one (`/<tab>/host`) or end the header. Our own `/__space/` pages are no
 * place to return to: they act, or lead back here.
 */
export function safeReturnPath(text: string): string {
  if (!PLAIN.test(text) || text.length > BOUNDS.returnPathChars) return '/'
  if (!text.startsWith('/') || text.startsWith('//')) return '/'
  const base = 'http://host.invalid'
  const url = URL.parse(text, base)
  // As the parser leaves it: `/..//host` is `//host` by then, which the next reader may take for a host.
  if (!url || url.origin !== base || url.pathname.startsWith('//') || isReserved(url.pathname)) return '/'
  return text
}

function isReserved(pathname: string): boolean {
  const segment = pathname.split(/[/;]|%2f/i)[1] ?? ''
  return decoded(segment).toLowerCase() === '__space'
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

export interface OwnHosts {
  /** `http://space.localhost:7070`: scheme and port of every own address. */
  readonly homeOrigin: string
  /** Apps answer on one label below it. */
  readonly domain: string
  /** Further names of Home, such as `localhost`. */
  readonly homeHosts: readonly string[]
}

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

/**
 * Whether an absolute URL leads to Home, to an app host of this server or to one of `customHosts` (active domains, in
 * their canonical form), by the same scheme and port. Everything a browser might read differently than we do (user
 * names, odd characters, missing slashes) is not ours.
 */
export function isOwnRedirect(
  text: string,
  { homeOrigin, domain, homeHosts }: OwnHosts,
  customHosts: readonly string[] = [],
): boolean {
  const home = new URL(homeOrigin)
  if (!PLAIN.test(text) || text.length > BOUNDS.returnPathChars) return false
  const authority = /^https?:\/\/([a-z0-9.[\]:-]+)(?=[/?#]|$)/.exec(text)?.[1]
  const url = URL.parse(text)
  // The parser must have found exactly the host that is written: nothing was folded, decoded or moved.
  if (!url || authority !== url.host || url.protocol !== home.protocol || url.port !== home.port) return false
  if (url.hostname === home.hostname || customHosts.includes(url.hostname)) return true
  // To whoever uses a server elsewhere, `localhost` is another machine: their own.
  if (isLocalName(home.hostname) && homeHosts.includes(url.hostname)) return true
  const suffix = `.${domain}`
  return url.hostname.endsWith(suffix) && LABEL.test(url.hostname.slice(0, -suffix.length))
}
