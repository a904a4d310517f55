import { isLocalName } from '../config/index.ts'
import { BOUNDS } from './rate-limiters.ts'

/** Printable ASCII without the backslash, which browsers read as a slash, and without spaces, tabs and line breaks, which they skip. */
const PLAIN = /^[\x21-\x5b\x5d-\x7e]+$/

/**
 * A path and query to return to on the same host: the given one, or `/` if it could lead to another host. `//host` and
 * `/\host` name another host; a control character can hide one (`/<tab>/host`) or end the header. The platform's
 * `/__space/` pages are not valid targets: they act, or redirect back here.
 */
export function safeReturnPath(text: string): string {
  if (!PLAIN.test(text) || text.length > BOUNDS.returnPathChars) return '/'
  if (!text.startsWith('/') || text.startsWith('//')) return '/'
  const base = 'http://host.invalid'
  const url = URL.parse(text, base)
  // The parsed form: `/..//host` becomes `//host`, which the next reader may take for a host.
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
  /** `http://space.localhost:7070`: the scheme and port of all hosts of this server. */
  readonly homeOrigin: string
  /** Apps are one label below it. */
  readonly domain: string
  /** Further names of Home, such as `localhost`. */
  readonly homeHosts: readonly string[]
}

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

/**
 * Whether an absolute URL leads to Home, to an app host of this server or to one of `customHosts` (active domains in
 * canonical form), with the same scheme and port. False for every URL that a browser might read differently (user names,
 * unusual characters, missing slashes).
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
  // The parsed host must equal the written one: nothing was folded, decoded or moved.
  if (!url || authority !== url.host || url.protocol !== home.protocol || url.port !== home.port) return false
  if (url.hostname === home.hostname || customHosts.includes(url.hostname)) return true
  // For people who use a server elsewhere, `localhost` is another machine: their own.
  if (isLocalName(home.hostname) && homeHosts.includes(url.hostname)) return true
  const suffix = `.${domain}`
  return url.hostname.endsWith(suffix) && LABEL.test(url.hostname.slice(0, -suffix.length))
}
