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

type AuthContext = Pick<ApiContext, 'db' | 'sealer' | 'limits' | 'home' | 'sync' | 'now'>

export const isSigned = (request: Request): boolean => request.headers.has('x-deta-signature')

export interface SignedIn {
  readonly caller: SessionCaller
  /** `Set-Cookie` value, when the session was prolonged and the browser must keep its cookie longer. */
  readonly cookie: string | null
}

/**
 * The person signed in at Home. Null without a valid session, or when a page of another origin made the request. Also null
 * for sessions of two people: on plain http a sibling app can plant a cookie of its own account, and the planted cookie
 * cannot be told apart. Signing in ends all of these sessions.
 */
export async function getSignedIn(context: AuthContext, request: Request): Promise<SignedIn | null> {
  if (!mayUseCookie(request, context.home.originOf(request))) return null
  const sessions = await presentedSessions(context, request)
  const [first] = sessions
  if (!first || sessions.some(({ session }) => session.user.id !== first.session.user.id)) return null
  const { session, secret, isProlonged } = first
  return {
    caller: { kind: 'session', user: session.user, sessionId: session.id },
    cookie: isProlonged ? sessionCookie('space_home', secret, context.home) : null,
  }
}

interface PresentedSession {
  readonly session: HomeSession
  readonly secret: string
  /** The session has just been prolonged: send its cookie again, so that the browser keeps it as long. */
  readonly isProlonged: boolean
}

/** Every session of Home for which the request has a cookie. Prolongs each session that is due. */
export async function presentedSessions(
  { db, home, sync, now }: AuthContext,
  request: Request,
): Promise<PresentedSession[]> {
  const presented: PresentedSession[] = []
  for (const secret of await knownHomeSecrets(db, cookieValues(request, 'space_home', home.isSecure))) {
    const session = await getHomeSession(db, secret, now())
    if (!session) continue
    if (session.isDue) await sync.commit((commit) => prolongHomeSession(commit, session.id, now()))
    presented.push({ session, secret, isProlonged: session.isDue })
  }
  return presented
}

/**
 * Throws 401 for a request that no body could make valid, before the body is read or an upload slot is taken. Returns the id of the
 * token or session that the request claims; a signature is verified only at the end of the body.
 */
export async function requireClaimedCredential(context: AuthContext, request: Request): Promise<string> {
  const claimed = isSigned(request)
    ? await claimedToken(context.db, signatureHeaders(request), context.now())
    : ((await getSignedIn(context, request))?.caller.sessionId ?? null)
  if (claimed === null) throw unauthorized()
  return claimed
}

const signatureHeaders = ({ headers }: Request) => ({
  timestamp: headers.get('x-deta-timestamp') ?? '',
  signatureHeader: headers.get('x-deta-signature') ?? '',
})

/** The person whose access token signed the request. Consumes `body`. Throws 401. */
export async function requireSigned(
  { db, sealer, limits, now }: AuthContext,
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

/** Tells an honest client what to do. No text reveals whether a token exists. */
const REFUSALS = {
  malformed: 'Unauthorized',
  wrong: 'Unauthorized',
  stale:
    'Unauthorized: the request was signed too long ago or before the server started, or the clocks differ by minutes',
  'just-started': 'Unauthorized: the server has just started; try again in a second',
  replayed: 'Unauthorized: this request was received before; sign it again in a second',
} as const

async function requireUser(db: AuthContext['db'], id: UserId): Promise<User> {
  const user = await getUser(db, id)
  if (!user) throw unauthorized()
  return user
}
