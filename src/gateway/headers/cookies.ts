/** Our cookies: their names, and keeping them from apps and apps from them. */

export interface CookieNames {
  readonly home: string
  readonly session: string
  readonly login: string
}

/** `__Host-` makes browsers insist on Secure, Path=/ and no Domain; they honour it on https only. */
export function cookieNames(scheme: 'http' | 'https'): CookieNames {
  const prefix = scheme === 'https' ? '__Host-' : ''
  return { home: `${prefix}space_home`, session: `${prefix}space_session`, login: `${prefix}space_login` }
}

/** In any case and with any prefix: some servers fold what others tell apart. */
const OURS = /^[\s"]*(?:__(?:host|secure)-)?space_(?:home|session|login|device)[\s"]*$/i

/** Whether `name` is one of our cookies, in any spelling that some server takes for it. */
export const isOurCookie = (name: string): boolean => OURS.test(name)

/**
 * A `Cookie` value without our cookies, every other octet as it was; null if nothing is left.
 * Cuts at every `;`, also inside quotes, as browsers write them: the reading that removes most.
 */
export function withoutOurCookies(value: string): string | null {
  let kept: string | null = null
  let isWhole = true
  for (let start = 0, end = 0; end < value.length; start = end + 1) {
    end = pairEnd(value, start)
    if (isOurs(value, start, end)) {
      if (isWhole) kept = start === 0 ? null : value.substring(0, start - 1)
      isWhole = false
    } else if (!isWhole) {
      const pair = value.substring(start, end)
      kept = kept === null ? pair.trimStart() : `${kept};${pair}`
    }
  }
  return isWhole ? value : kept === '' ? null : kept
}

function pairEnd(value: string, start: number): number {
  const semicolon = value.indexOf(';', start)
  return semicolon < 0 ? value.length : semicolon
}

/** Whether the pair has one of our names. Nearly all others are told by their first letter. */
function isOurs(value: string, start: number, end: number): boolean {
  let at = start
  while (at < end && value.charCodeAt(at) === SPACE) at++
  const first = value.charCodeAt(at)
  const isLetter = first > QUOTE && first < DEL
  if (isLetter && (first | LOWER) !== LETTER_S && first !== UNDERSCORE) return false
  const equals = value.indexOf('=', at)
  return OURS.test(value.substring(at, equals < 0 || equals > end ? end : equals))
}

const SPACE = 0x20
/** Up to here and from there on: blanks of all kinds and the quote, behind which `OURS` looks. */
const QUOTE = 0x22
const DEL = 0x7f
const LETTER_S = 0x73
const UNDERSCORE = 0x5f
const LOWER = 0x20

/**
 * What becomes of a `Set-Cookie` of an app: passed on, passed on as the `text` of a host-only cookie, or dropped because it
 * names a cookie of ours (or, by an empty name, could: browsers send `Set-Cookie: =a=b` back as `a=b`), or because it is
 * `wide`: its Domain is not the host of the request alone, so that sibling apps and Home would be sent it.
 */
export type CookieFate =
  { readonly kind: 'keep' | 'ours' | 'wide' } | { readonly kind: 'host-only'; readonly text: string }

const KEEP: CookieFate = { kind: 'keep' }
const OURS_FATE: CookieFate = { kind: 'ours' }
const WIDE: CookieFate = { kind: 'wide' }

/** `hostname` of the request, in lower case: the built-in one or a custom domain. */
export function cookieFate(setCookie: string, hostname: string): CookieFate {
  const [pair, ...attributes] = setCookie.split(';') as [string, ...string[]]
  const equals = pair.indexOf('=')
  if (equals < 0 || pair.slice(0, equals).trim() === '') return OURS_FATE
  if (OURS.test(pair.slice(0, equals))) return OURS_FATE
  const domains = attributes.filter(isDomain)
  if (domains.length === 0) return KEEP
  if (!domains.every((attribute) => isHostItself(attribute, hostname))) return WIDE
  return { kind: 'host-only', text: [pair, ...attributes.filter((one) => !isDomain(one))].join(';') }
}

const isDomain = (attribute: string): boolean => /^\s*domain\s*(?:=|$)/i.test(attribute)

/** Browsers ignore a leading dot (RFC 6265, 5.2.3). */
const isHostItself = (attribute: string, hostname: string): boolean =>
  attribute
    .slice(attribute.indexOf('=') + 1)
    .trim()
    .toLowerCase()
    .replace(/^\./, '') === hostname

/** Name and Domain of a cookie that was dropped as too wide, for the log of the app. */
export function describeWideCookie(setCookie: string): { cookie: string; domain: string } {
  const [pair, ...attributes] = setCookie.split(';') as [string, ...string[]]
  const domain = attributes.filter(isDomain).at(-1)?.split('=')[1]?.trim() ?? ''
  return { cookie: pair.split('=', 1)[0]!.trim().slice(0, 64), domain: domain.slice(0, 64) }
}
