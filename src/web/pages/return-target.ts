export interface ReturnTarget {
  /** `home`: a page of this application; `server`: a path that only the server answers. */
  readonly kind: 'home' | 'server'
  /** Path and query on this origin, never another host. */
  readonly href: string
  /** Host of the app in the URL. Untrusted: to be shown only when the server serves this host. */
  readonly claimedHost: string | null
}

/**
 * The target of a sign-in, from the untrusted `redirect_uri`: a page on Home's origin or, for an app's address, the
 * server's hand-off, which knows all app hosts and refuses others. Anything else leads to Home.
 */
export function returnTarget(redirectUri: string | undefined, here: string): ReturnTarget {
  const home: ReturnTarget = { kind: 'home', href: '/', claimedHost: null }
  const url = URL.canParse(redirectUri ?? '', here) ? new URL(redirectUri ?? '', here) : null
  if (!redirectUri || !url || !/^https?:$/.test(url.protocol)) return home
  if (url.origin !== new URL(here).origin) {
    const query = new URLSearchParams({ redirect_uri: url.href })
    return { kind: 'server', href: `/auth/return?${query}`, claimedHost: url.host }
  }
  const href = url.pathname + url.search + url.hash
  // A path with two leading slashes would name another host.
  if (href.startsWith('//') || url.pathname === '/login') return home
  if (url.pathname.startsWith('/auth/'))
    return { kind: 'server', href, claimedHost: url.searchParams.get('host') }
  return { kind: 'home', href, claimedHost: null }
}
