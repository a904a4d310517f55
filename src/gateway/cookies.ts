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
const MAY_BE_OURS = /space_/i

/**
 * A `Cookie` value without our cookies, every other octet as it was; null if nothing is left.
 * Cuts at every `;`, also inside quotes, as browsers write them: the reading that removes most.
 */
export function withoutOurCookies(value: string): string | null {
  if (!MAY_BE_OURS.test(value)) return value
  let kept: string | null = null
  for (let start = 0, end = 0; end < value.length; start = end + 1) {
    end = indexOrEnd(value, ';', start)
    if (isOurs(value, start, end)) continue
    const pair = value.substring(start, end)
    kept = kept === null ? pair.trimStart() : `${kept};${pair}`
  }
  return kept === '' ? null : kept
}

function isOurs(value: string, start: number, end: number): boolean {
  const nameEnd = Math.min(indexOrEnd(value, '=', start), end)
  // Most names are told from ours by their length alone.
  return nameEnd - start >= SHORTEST && OURS.test(value.substring(start, nameEnd))
}

const SHORTEST = 'space_home'.length

function indexOrEnd(text: string, char: string, from: number): number {
  const at = text.indexOf(char, from)
  return at < 0 ? text.length : at
}

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
