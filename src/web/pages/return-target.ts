export interface ReturnTarget {
  /** `home`: a page of this application; `server`: a path that only the server answers. */
  readonly kind: 'home' | 'server'
  /** Path and query on this very origin, never another host. */
  readonly href: string
  /** Host of the app that the sign-in leads to, for display. */
  readonly app: string | null
}

/**
 * Where a sign-in leads, from the untrusted `redirect_uri`: a page on our own origin, or, for an app's address, the
 * server's hand-off, which knows the app hosts and refuses all others. Anything else leads Home.
 */
export function returnTarget(redirectUri: string | undefined, here: string): ReturnTarget {
  const home: ReturnTarget = { kind: 'home', href: '/', app: null }
  const url = URL.canParse(redirectUri ?? '', here) ? new URL(redirectUri ?? '', here) : null
  if (!redirectUri || !url || !/^https?:$/.test(url.protocol)) return home
  if (url.origin !== new URL(here).origin) {
    const query = new URLSearchParams({ redirect_uri: url.href })
    return { kind: 'server', href: `/auth/return?${query}`, app: url.host }
  }
  const href = url.pathname + url.search + url.hash
  // A path that begins with two slashes would name another host.
  if (href.startsWith('//') || url.pathname === '/login') return home
  if (url.pathname.startsWith('/auth/')) return { kind: 'server', href, app: url.searchParams.get('host') }
  return { kind: 'home', href, app: null }
}
