import { MAX_SESSION_TOKENS, cookieValues as valuesOf, domainsAbove, pathsTo } from '../access/index.ts'

/** Our cookies are host-only: without `Domain`, browsers do not send them to sibling apps. */
export type CookieName = 'space_home' | 'space_session' | 'space_login' | 'space_device'

export interface CookieOptions {
  readonly isSecure: boolean
  /** 0 removes the cookie. */
  readonly maxAgeSeconds: number
}

/**
 * A browser bounds the number of cookies of a site, and a page of any app can add cookies. Chromium evicts cookies of lower
 * priority first, so that a flood of cookies does not sign the person out; other browsers ignore the attribute.
 */
const PRIORITY = '; Priority=High'

/** A `Set-Cookie` value. On https, the `__Host-` prefix makes browsers reject a cookie of that name from a sibling. */
export function setCookie(
  name: CookieName,
  value: string,
  { isSecure, maxAgeSeconds }: CookieOptions,
): string {
  const secure = isSecure ? '; Secure' : ''
  return `${wireName(name, isSecure)}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAgeSeconds}${secure}${PRIORITY}`
}

/** The longest that browsers keep a cookie. The server ends a session; the cookie only has to outlive the session. */
const KEPT_SECONDS = 400 * 24 * 60 * 60

/** A `Set-Cookie` value for the secret of a session. */
export const sessionCookie = (
  name: CookieName,
  secret: string,
  { isSecure }: Pick<CookieOptions, 'isSecure'>,
): string => setCookie(name, secret, { isSecure, maxAgeSeconds: KEPT_SECONDS })

/**
 * All values of the cookie `name`, in order. There may be several: on plain http a sibling app's script can plant cookies
 * of the same name for the whole domain, one for each path. When there are more than a browser can have, the result is
 * empty: reading only the first ones would let the planter of the cookies choose.
 */
export function cookieValues(request: Request, name: CookieName, isSecure: boolean): string[] {
  const values = valuesOf(request.headers.get('cookie') ?? '', wireName(name, isSecure))
  if (values.length > MAX_SESSION_TOKENS) return []
  return values.filter((value) => /^[\w-]{1,200}$/.test(value))
}

/** Of a hand-off's address there are six. */
const MAX_PATHS = 16

/**
 * `Set-Cookie` values that remove cookies which other hosts planted under `name`: for every domain above `hostName`, and
 * every path prefix of `pathname`. Cookies of the host itself stay. On https, browsers reject planted cookies.
 */
export function removalsOfPlanted(name: CookieName, hostName: string, pathname: string): string[] {
  return domainsAbove(hostName).flatMap((domain) =>
    pathsTo(pathname, MAX_PATHS).map(
      (path) => `${wireName(name, false)}=; Domain=${domain}; Path=${path}; Max-Age=0`,
    ),
  )
}

const wireName = (name: CookieName, isSecure: boolean) => (isSecure ? `__Host-${name}` : name)
