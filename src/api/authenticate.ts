import {
  type HomeSession,
  getHomeSession,
  claimedToken,
  knownHomeSecrets,
  prolongHomeSession,
  verifySignedRequest,
} from '../sessions/index.ts'
import { type User, getUser } from '../people/index.ts'
import { forbidden, unauthorized } from '../kernel/http-error.ts'
import type { UserId } from '../kernel/ids.ts'
import { cookieValues, sessionCookie } from './cookies.ts'
import type { ApiContext } from './api-context.ts'
import { gatewayTarget } from './gateway-headers.ts'
import { mayUseCookie } from './request-source.ts'
import type { SessionCaller, TokenCaller } from './caller.ts'

type AuthDeps = Pick<ApiContext, 'db' | 'sealer' | 'limits' | 'home' | 'sync' | 'now'>

export const isSigned = (request: Request): boolean => request.headers.has('x-deta-signature')

export interface SignedIn {
  readonly caller: SessionCaller
  /** `Set-Cookie` value, when the session was prolonged and the browser must keep it longer. */
  readonly cookie: string | null
}

/**
 * The person signed in at Home, or null: no session, an ended one, or a page elsewhere that uses the browser's. Also null
 * for sessions of two people: on plain http a sibling app can add a cookie of its own account, and nothing tells which is
 * whose. Signing in ends them all.
 */
export async function getSignedIn(deps: AuthDeps, request: Request): Promise<SignedIn | null> {
  if (!mayUseCookie(request, deps.home.originOf(request))) return null
  const sessions = await presentedSessions(deps, request)
  const [first] = sessions
  if (!first || sessions.some(({ session }) => session.user.id !== first.session.user.id)) return null
  const { session, secret, isProlonged } = first
  return {
    caller: { kind: 'session', user: session.user, sessionId: session.id },
    cookie: isProlonged ? sessionCookie('space_home', secret, deps.home) : null,
  }
}

interface Presented {
  readonly session: HomeSession
  readonly secret: string
  /** Its life has just been prolonged: send the cookie again, so that the browser keeps it as long. */
  readonly isProlonged: boolean
}

/** Every session of Home that the request has a cookie of. Each is prolonged if that is due. */
export async function presentedSessions(
  { db, home, sync, now }: AuthDeps,
  request: Request,
): Promise<Presented[]> {
  const presented: Presented[] = []
  for (const secret of await knownHomeSecrets(db, cookieValues(request, 'space_home', home.isSecure))) {
    const session = await getHomeSession(db, secret, now())
    if (!session) continue
    if (session.isDue) await sync.commit((commit) => prolongHomeSession(commit, session.id, now()))
    presented.push({ session, secret, isProlonged: session.isDue })
  }
  return presented
}

/**
 * Throws 401 for a request that would be refused whatever its body is, before a body is read or a place taken. Returns the
 * token or session that the request claims; a signature is proved only at the end of its body.
 */
export async function refuseStranger(deps: AuthDeps, request: Request): Promise<string> {
  const claimed = isSigned(request)
    ? await claimedToken(deps.db, signatureHeaders(request), deps.now())
    : ((await getSignedIn(deps, request))?.caller.sessionId ?? null)
  if (claimed === null) throw unauthorized()
  return claimed
}

const signatureHeaders = ({ headers }: Request) => ({
  timestamp: headers.get('x-deta-timestamp') ?? '',
  signatureHeader: headers.get('x-deta-signature') ?? '',
})

/** Whose access token signed the request; consumes `body`. Throws 401. */
export async function requireSigned(
  { db, sealer, limits, now }: AuthDeps,
  request: Request,
  body: AsyncIterable<Uint8Array>,
): Promise<TokenCaller> {
  const signed = {
    method: request.method,
    rawTarget: gatewayTarget(request),
    ...signatureHeaders(request),
    contentType: request.headers.get('content-type') ?? '',
    body,
  }
  const verdict = await verifySignedRequest(db, { sealer, limits }, signed, now)
  switch (verdict.kind) {
    case 'valid': {
      const { userId, tokenId, scope } = verdict
      if (scope === null)
        throw forbidden('This access token was made by a newer server and has no rights here')
      return { kind: 'token', user: await requireUser(db, userId), tokenId, scope }
    }
    case 'refused':
      throw unauthorized(REFUSALS[verdict.reason])
  }
}

/** What an honest client can do about it; nothing here tells whether a token exists. */
const REFUSALS = {
  malformed: 'Unauthorized',
  wrong: 'Unauthorized',
  stale:
    'Unauthorized: the request was signed too long ago or before the server started, or the clocks differ by minutes',
  'just-started': 'Unauthorized: the server has just started; try again in a second',
  replayed: 'Unauthorized: this very request has been received already; sign it again in a second',
} as const

async function requireUser(db: AuthDeps['db'], id: UserId): Promise<User> {
  const user = await getUser(db, id)
  if (!user) throw unauthorized()
  return user
}
