import type { User } from '../people/index.ts'
import { createHomeSession, endHomeSessions } from '../sessions/index.ts'
import { clientNetwork } from '../kernel/client-network.ts'
import { presentedSessions } from './authenticate.ts'
import { sessionCookie } from './cookies.ts'
import { deviceCookie } from './device-cookie.ts'
import type { ApiContext } from './api-context.ts'
import { gatewayClient } from './gateway-headers.ts'

/**
 * Signs a person in, and returns the headers that set the cookies of the new session of Home and of the device. All
 * earlier sessions of this browser end, with the app sessions that were opened with them, and whichever account they
 * belong to: a cookie that another site planted must not stay beside the new one, and after switching accounts no app
 * host may keep a session of the other person.
 */
export async function beginHomeSession(
  context: Pick<ApiContext, 'db' | 'sealer' | 'limits' | 'home' | 'sync' | 'now'>,
  user: User,
  request: Request,
): Promise<Headers> {
  const { db, sync, home, now } = context
  for (const { session } of await presentedSessions(context, request)) {
    await sync.commit((commit) => endHomeSessions(commit, { userId: session.user.id, only: session.id }))
  }
  const userAgent = request.headers.get('user-agent') ?? ''
  const network = clientNetwork(gatewayClient(request))
  const { secret } = await createHomeSession(db, { userId: user.id, userAgent, network }, now())
  const headers = new Headers()
  headers.append('Set-Cookie', sessionCookie('space_home', secret, home))
  headers.append('Set-Cookie', deviceCookie(context, user))
  return headers
}
