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
  route(calls.handOff, async (deps, { caller, query }) => {
    if (!caller) return toLogin(deps, query)
    const place = await findByHost(deps, caller.user.id, query.host)
    if (!place) return notYours(deps, query)
    const code = await issueHandoffCode(
      deps.db,
      {
        homeSessionId: caller.sessionId,
        userId: caller.user.id,
        instanceId: place.instance.id,
        host: place.hostName,
        challenge: query.challenge,
        returnTo: safeReturnPath(query.to),
      },
      deps.now(),
    )
    // Our own spelling of the address: nothing of what came in decides where the code goes.
    return redirect(`${place.origin}/__space/auth/callback?code=${code}`)
  }),
  // Where a log-in page that was given the address of an app leads (COMPAT 1.2); the app's host then begins step 1.
  route(calls.returnTo, async ({ db, home, hosts, ownHosts }, { caller, query }) => {
    // Only this person's own: a custom domain is any address on the web, and somebody else chose it.
    const domains = caller ? await listDomainNames(db, caller.user.id) : []
    const isOwn = isOwnRedirect(query.redirect_uri, ownHosts, customHosts({ domains }, hosts))
    return redirect(isOwn ? query.redirect_uri : home.origin)
  }),
]

/** This very step, for after signing in. */
const here = ({ home }: ApiContext, query: Handoff): string =>
  `${home.origin}/auth/handoff?${new URLSearchParams(query)}`

const toLogin = (deps: ApiContext, query: Handoff): Response =>
  redirect(`${deps.home.origin}/login?${new URLSearchParams({ redirect_uri: here(deps, query) })}`)

/** The same response as for an app that does not exist. `switch`: the sign-in page asks for another account. */
const notYours = (deps: ApiContext, query: Handoff) =>
  messagePage({
    status: 403,
    title: 'You do not have access',
    text: 'This app belongs to another account of this server, or no longer exists. Sign in as its owner to open it.',
    link: {
      href: `${deps.home.origin}/login?${new URLSearchParams({ switch: '1', redirect_uri: here(deps, query) })}`,
      label: 'Switch account',
    },
  })

const redirect = (location: string) =>
  new Response(null, { status: 302, headers: { Location: location, 'Referrer-Policy': 'no-referrer' } })
