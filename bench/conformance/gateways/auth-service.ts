import { POLICY } from '../attack-case.ts'
import { KEY, SESSION } from './gateway.ts'

/**
 * What people put beside nginx or Caddy: a small service that says whether a request may pass. It is told the path in
 * a header of the proxy's, and is written with care: the comparison is about the proxies.
 */
export function startAuthService(): { readonly port: number; stop(): void } {
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch(request) {
      const path = request.headers.get('x-original-uri') ?? request.headers.get('x-forwarded-uri') ?? ''
      const isForApi = path === '/api' || path.startsWith('/api/')
      const hasKey = isForApi && request.headers.get(POLICY.keyHeader) === KEY
      const hasSession =
        new Bun.CookieMap(request.headers.get('cookie') ?? '').get(POLICY.sessionCookie) === SESSION
      const isKnown = hasKey || hasSession
      return new Response(null, {
        status: isKnown ? 200 : 401,
        headers: isKnown ? { 'X-Space-Principal': hasKey ? 'key' : 'owner' } : {},
      })
    },
  })
  return { port: server.port ?? 0, stop: () => void server.stop(true) }
}
