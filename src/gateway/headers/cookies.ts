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
const OURS = /^[\s"]*(?:__(?:host|secure)-)?space_(?:home|session|login)[\s"]*$/i

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
 * Whether a `Set-Cookie` of an app may reach the browser. Not if it names a cookie of ours, not with a Domain (it
 * would reach sibling apps and Home), and not without a name: browsers send `Set-Cookie: =a=b` back as `a=b`.
 */
export function isCookieAllowed(setCookie: string): boolean {
  const semicolon = setCookie.indexOf(';')
  const pair = semicolon < 0 ? setCookie : setCookie.slice(0, semicolon)
  const equals = pair.indexOf('=')
  if (equals < 0 || pair.slice(0, equals).trim() === '') return false
  if (OURS.test(pair.slice(0, equals))) return false
  return semicolon < 0 || !/;[\s]*domain[\s]*(?:=|;|$)/i.test(setCookie.slice(semicolon))
}
