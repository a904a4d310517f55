import type { User } from '../people/index.ts'
import { createHomeSession, endHomeSessions } from '../sessions/index.ts'
import { clientNetwork } from '../kernel/client-network.ts'
import { presentedSessions } from './authenticate.ts'
import { sessionCookie } from './cookies.ts'
import { deviceCookie } from './device-cookie.ts'
import type { ApiContext } from './api-context.ts'
import { gatewayClient } from './gateway-headers.ts'

/**
 * Signs a person in: the headers that set the cookies of a new session of Home and of the device. Sessions that this
 * browser had before end, whoever they belong to, with all that grew from them: a cookie that somebody else has added
 * must not stay beside the new one, and whoever switches accounts leaves no session of the other person on an app's host.
 */
export async function beginHomeSession(
  deps: Pick<ApiContext, 'db' | 'sealer' | 'limits' | 'home' | 'sync' | 'now'>,
  user: User,
  request: Request,
): Promise<Headers> {
  const { db, sync, home, now } = deps
  for (const { session } of await presentedSessions(deps, request)) {
    await sync.commit((commit) => endHomeSessions(commit, { userId: session.user.id, only: session.id }))
  }
  const userAgent = request.headers.get('user-agent') ?? ''
  const network = clientNetwork(gatewayClient(request))
  const { secret } = await createHomeSession(db, { userId: user.id, userAgent, network }, now())
  const headers = new Headers()
  headers.append('Set-Cookie', sessionCookie('space_home', secret, home))
  headers.append('Set-Cookie', deviceCookie(deps, user))
  return headers
}
