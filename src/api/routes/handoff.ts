import { calls, type QueryOf } from '../../contract/index.ts'
import { isOwnRedirect, issueHandoffCode, safeReturnPath } from '../../sessions/index.ts'
import { listDomainNames } from '../../domains/index.ts'
import { customHosts, findByHost } from '../../instances/index.ts'
import type { ApiContext } from '../api-context.ts'
import { messagePage } from '../message-page.ts'
import { route } from '../route.ts'

type Handoff = QueryOf<typeof calls.handOff>

/** Step 2 of the hand-off (ARCHITECTURE): from Home to the app host, with a one-time code. */
export const handoffRoutes = [
  route(calls.handOff, async (context, { caller, query }) => {
    if (!caller) return toLogin(context, query)
    const appHost = await findByHost(context, caller.user.id, query.host)
    if (!appHost) return notYours(context, query)
    const code = await issueHandoffCode(
      context.db,
      {
        homeSessionId: caller.sessionId,
        userId: caller.user.id,
        instanceId: appHost.instance.id,
        host: appHost.hostName,
        challenge: query.challenge,
        returnTo: safeReturnPath(query.to),
      },
      context.now(),
    )
    // The origin comes from our own rows: no part of the request decides where the code is sent.
    return redirect(`${appHost.origin}/__space/auth/callback?code=${code}`)
  }),
  // The log-in page redirects here when it was given the address of an app (COMPAT 1.2); the app's host then begins step 1.
  route(calls.returnTo, async ({ db, home, hosts, ownHosts }, { caller, query }) => {
    // Only the caller's own: another person's custom domain can be any site on the web.
    const domains = caller ? await listDomainNames(db, caller.user.id) : []
    const isOwn = isOwnRedirect(query.redirect_uri, ownHosts, customHosts({ domains }, hosts))
    return redirect(isOwn ? query.redirect_uri : home.origin)
  }),
]

/** The address of this step, to return to after signing in. */
const here = ({ home }: ApiContext, query: Handoff): string =>
  `${home.origin}/auth/handoff?${new URLSearchParams(query)}`

const toLogin = (context: ApiContext, query: Handoff): Response =>
  redirect(`${context.home.origin}/login?${new URLSearchParams({ redirect_uri: here(context, query) })}`)

/** The same response as for an app that does not exist. `switch`: the sign-in page asks for another account. */
const notYours = (context: ApiContext, query: Handoff) =>
  messagePage({
    status: 403,
    title: 'You do not have access',
    text: 'This app belongs to another account of this server, or no longer exists. Sign in as its owner to open it.',
    link: {
      href: `${context.home.origin}/login?${new URLSearchParams({ switch: '1', redirect_uri: here(context, query) })}`,
      label: 'Switch account',
    },
  })

const redirect = (location: string) =>
  new Response(null, { status: 302, headers: { Location: location, 'Referrer-Policy': 'no-referrer' } })
