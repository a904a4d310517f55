import { type CallSpec, calls } from '../contract/index.ts'
import { endAppSession, redeemHandoffCode } from '../sessions/index.ts'
import { getInstance, type InstanceHost, instanceHostOf } from '../instances/index.ts'
import { forbidden, notFound } from '../kernel/http-error.ts'
import type { InstanceId } from '../kernel/ids.ts'
import { cookieValues, removalsOfPlanted, sessionCookie, setCookie } from './cookies.ts'
import type { ApiContext } from './api-context.ts'
import { sourceOf } from './request-source.ts'
import { messagePage } from './message-page.ts'

/**
 * `/__space/*` on the hosts of apps. Requests here come from pages that a developer wrote, so no call or file of Home
 * answers on these hosts, and each answer depends only on this host's own session.
 */
interface AppHostRoute {
  readonly spec: CallSpec
  readonly handler: (context: ApiContext, call: AppHostCall) => Promise<Response>
}

interface AppHostCall {
  readonly appHost: InstanceHost
  readonly request: Request
  readonly url: URL
}

export const APP_HOST_ROUTES: readonly AppHostRoute[] = [
  { spec: calls.handOffCallback, handler: callback },
  { spec: calls.signOutOfApp, handler: signOut },
]

/** Answers a request to the app host of `instanceId`, which the gateway found. Throws 404 for unknown calls. */
export async function answerAppHost(
  context: ApiContext,
  request: Request,
  instanceId: string,
): Promise<Response> {
  const url = new URL(request.url)
  const row = APP_HOST_ROUTES.find(({ spec }) => spec.method === request.method && spec.path === url.pathname)
  const instance = row && (await getInstance(context.db, instanceId as InstanceId))
  // A gateway may forward a request that it received just before its custom domain was removed.
  const appHost = instance && instanceHostOf(context.hosts, instance, url.host)
  if (!row || !appHost) throw notFound('There is nothing here')
  if (row.spec.auth === 'same-origin') requireSameOrigin(request, appHost)
  return row.handler(context, { appHost, request, url })
}

/** Step 3 of the hand-off: exchanges the code for a session of this host. Its first use spends a code, right or wrong. */
async function callback(context: ApiContext, { appHost, request, url }: AppHostCall): Promise<Response> {
  const { home, sync, now } = context
  const loginSecrets = cookieValues(request, 'space_login', home.isSecure)
  const [loginSecret, ...others] = loginSecrets
  if (loginSecret === undefined) return tryAgain(appHost)
  // Another site has planted a pre-login cookie, and the planted one cannot be told apart. Start over without it.
  if (others.length > 0) {
    const answer = tryAgain(appHost)
    for (const removal of removalsOfPlanted('space_login', appHost.hostName, url.pathname))
      answer.headers.append('Set-Cookie', removal)
    return answer
  }
  const attempt = {
    code: url.searchParams.get('code') ?? '',
    host: appHost.hostName,
    instanceId: appHost.instance.id,
    loginSecret,
  }
  const redeemed = await sync.commit((commit) => redeemHandoffCode(commit, attempt, now()))
  if (redeemed.kind === 'refused') return tryAgain(appHost)
  return new Response(null, {
    status: 302,
    headers: {
      // Absolute, because a browser could read a path such as `//evil.example` as another host.
      Location: appHost.origin + redeemed.returnTo,
      'Set-Cookie': sessionCookie('space_session', redeemed.secret, home),
      'Referrer-Policy': 'no-referrer',
    },
  })
}

async function signOut({ home, sync }: ApiContext, { appHost, request }: AppHostCall): Promise<Response> {
  for (const secret of cookieValues(request, 'space_session', home.isSecure)) {
    await sync.commit((commit) => endAppSession(commit, { secret, instanceId: appHost.instance.id }))
  }
  const cookie = setCookie('space_session', '', { isSecure: home.isSecure, maxAgeSeconds: 0 })
  return new Response(null, { status: 303, headers: { Location: home.origin, 'Set-Cookie': cookie } })
}

/** Only a POST from a page of this host signs out: a link or an image on another page must not. */
function requireSameOrigin(request: Request, { origin }: InstanceHost): void {
  if (sourceOf(request, origin) !== 'same-origin')
    throw forbidden('This call may only come from the app itself')
}

/** For an expired, used or foreign code; opening the app starts a new hand-off. */
const tryAgain = ({ instance, origin }: InstanceHost) =>
  messagePage({
    status: 400,
    title: 'Sign-in expired',
    text: 'The one-time code was used already, is older than one minute, or belongs to another browser. Sign in again.',
    link: { href: origin, label: `Open ${instance.appName} again` },
  })
