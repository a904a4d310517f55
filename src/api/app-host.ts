import { type CallSpec, calls } from '../contract/index.ts'
import { endAppSession, redeemHandoffCode } from '../sessions/index.ts'
import { getInstance, type InstanceHost, instanceHostOf } from '../instances/index.ts'
import { forbidden, notFound } from '../kernel/http-error.ts'
import type { InstanceId } from '../kernel/ids.ts'
import { cookieValues, removalsOfPlanted, sessionCookie, setCookie } from './cookies.ts'
import type { ApiContext } from './api-context.ts'
import { provenanceOf } from './request-source.ts'
import { messagePage } from './message-page.ts'

/**
 * `/__space/*` on the hosts of apps. Requests here come from pages that a developer wrote, so nothing of Home answers
 * on these hosts, and what is answered depends only on this host's own session.
 */
interface AppHostRoute {
  readonly spec: CallSpec
  readonly handler: (deps: ApiContext, call: AppHostCall) => Promise<Response>
}

interface AppHostCall {
  readonly place: InstanceHost
  readonly request: Request
  readonly url: URL
}

export const APP_HOST_ROUTES: readonly AppHostRoute[] = [
  { spec: calls.handOffCallback, handler: callback },
  { spec: calls.signOutOfApp, handler: signOut },
]

/** Answers a request to an app host, whose instance the gateway named. Throws 404 for everything else there. */
export async function answerAppHost(
  deps: ApiContext,
  request: Request,
  instanceId: string,
): Promise<Response> {
  const url = new URL(request.url)
  if (/^\/__space\/v0\/(base|drive)(\/|$)/.test(url.pathname)) return notImplemented()
  const row = APP_HOST_ROUTES.find(({ spec }) => spec.method === request.method && spec.path === url.pathname)
  const instance = row && (await getInstance(deps.db, instanceId as InstanceId))
  // A gateway may have passed on what it received a moment before a custom domain was removed.
  const place = instance && instanceHostOf(deps.hosts, instance, url.host)
  if (!row || !place) throw notFound('There is nothing here')
  if (row.spec.auth === 'same-origin') requireSameOrigin(request, place)
  return row.handler(deps, { place, request, url })
}

/** Step 3 of the hand-off: the code becomes this host's session. A code is spent by its first use, right or wrong. */
async function callback(deps: ApiContext, { place, request, url }: AppHostCall): Promise<Response> {
  const { home, sync, now } = deps
  const loginSecrets = cookieValues(request, 'space_login', home.isSecure)
  const [loginSecret, ...others] = loginSecrets
  if (loginSecret === undefined) return tryAgain(place)
  // Somebody has added one, and nothing tells whose is whose. The hand-off begins anew, without theirs.
  if (others.length > 0) {
    const answer = tryAgain(place)
    for (const removal of removalsOfPlanted('space_login', place.hostName, url.pathname))
      answer.headers.append('Set-Cookie', removal)
    return answer
  }
  const attempt = {
    code: url.searchParams.get('code') ?? '',
    host: place.hostName,
    instanceId: place.instance.id,
    loginSecret,
  }
  const redeemed = await sync.commit((commit) => redeemHandoffCode(commit, attempt, now()))
  if (redeemed.kind === 'refused') return tryAgain(place)
  return new Response(null, {
    status: 302,
    headers: {
      // Absolute, so that no path can be read as another host.
      Location: place.origin + redeemed.returnTo,
      'Set-Cookie': sessionCookie('space_session', redeemed.secret, home),
      'Referrer-Policy': 'no-referrer',
    },
  })
}

async function signOut({ home, sync }: ApiContext, { place, request }: AppHostCall): Promise<Response> {
  for (const secret of cookieValues(request, 'space_session', home.isSecure)) {
    await sync.commit((commit) => endAppSession(commit, { secret, instanceId: place.instance.id }))
  }
  const cookie = setCookie('space_session', '', { isSecure: home.isSecure, maxAgeSeconds: 0 })
  return new Response(null, { status: 303, headers: { Location: home.origin, 'Set-Cookie': cookie } })
}

/** A link or an image on another page must not sign anybody out: only a POST of this host's own page. */
function requireSameOrigin(request: Request, { origin }: InstanceHost): void {
  if (provenanceOf(request, origin) !== 'same-origin')
    throw forbidden('This call may only come from the app itself')
}

/** An old or foreign code is of no use; the app's own address begins a new hand-off. */
const tryAgain = ({ instance, origin }: InstanceHost) =>
  messagePage({
    status: 400,
    title: 'Sign-in expired',
    text: 'The one-time code was used already, is older than one minute, or belongs to another browser. Sign in again.',
    link: { href: origin, label: `Open ${instance.appName} again` },
  })

const notImplemented = () =>
  Response.json(
    { errors: ['Not implemented'], detail: 'The data API is not here yet', code: 'unavailable' },
    { status: 501 },
  )
