import { z } from 'zod'
import { isOwnRedirect, issueHandoffCode, safeReturnPath } from '../../accounts/index.ts'
import { listInstances } from '../../apps/index.ts'
import type { PlatformDeps } from '../deps.ts'
import { messagePage } from '../page.ts'
import { type SessionCaller, route } from '../route.ts'

const handoff = z.object({
  /** The app host, as the gateway saw it. */
  host: z.string().max(300),
  /** Path and query to land on. */
  to: z.string().max(16_384).default('/'),
  /** base64url(SHA-256(pre-login cookie)): only that browser can use the code. */
  challenge: z.string().max(100),
})

type Handoff = z.infer<typeof handoff>

/** Step 2 of the hand-off (ARCHITECTURE): from Home to the app host, with a one-time code. */
export const handoffRoutes = [
  route({
    method: 'GET',
    path: '/auth/handoff',
    auth: 'handoff',
    query: handoff,
    handler: async (deps, { caller, query }) => {
      if (!caller) return toLogin(deps, query)
      const instance = await findInstance(deps, caller, query.host)
      if (!instance) return notYours(deps, query)
      const code = await issueHandoffCode(
        deps.db,
        {
          homeSessionId: caller.sessionId,
          userId: caller.user.id,
          instanceId: instance.id,
          host: deps.hosts.hostName(instance.alias),
          challenge: query.challenge,
          returnTo: safeReturnPath(query.to),
        },
        deps.now(),
      )
      // Our own spelling of the address: nothing of what came in decides where the code goes.
      return redirect(`${deps.hosts.origin(instance.alias)}/__space/auth/callback?code=${code}`)
    },
  }),
  // Where a log-in page that was given the address of an app leads (COMPAT 1.2); the app's host then begins step 1.
  route({
    method: 'GET',
    path: '/auth/return',
    auth: 'handoff',
    query: z.object({ redirect_uri: z.string().max(16_384) }),
    handler: async ({ home, ownHosts }, { query }) =>
      redirect(isOwnRedirect(query.redirect_uri, ownHosts) ? query.redirect_uri : home.origin),
  }),
]

/** The instance on that host, if this person may enter it. Nobody learns which other hosts there are. */
async function findInstance({ db, hosts }: PlatformDeps, caller: SessionCaller, host: string) {
  const alias = hosts.aliasOf(host)
  if (alias === null) return null
  const [instance] = await listInstances(db, caller.user.id, { alias })
  return instance ?? null
}

/** This very step, for after signing in. */
const here = ({ home }: PlatformDeps, query: Handoff): string =>
  `${home.origin}/auth/handoff?${new URLSearchParams(query)}`

const toLogin = (deps: PlatformDeps, query: Handoff): Response =>
  redirect(`${deps.home.origin}/login?${new URLSearchParams({ redirect_uri: here(deps, query) })}`)

/** Says the same of an app that is not there. `switch`: the log-in page asks for another person. */
const notYours = (deps: PlatformDeps, query: Handoff) =>
  messagePage({
    status: 403,
    title: 'This app is not yours',
    text: 'You are signed in, but this app belongs to somebody else or is gone. Sign in as its owner to open it.',
    link: {
      href: `${deps.home.origin}/login?${new URLSearchParams({ switch: '1', redirect_uri: here(deps, query) })}`,
      label: 'Switch account',
    },
  })

const redirect = (location: string) =>
  new Response(null, { status: 302, headers: { Location: location, 'Referrer-Policy': 'no-referrer' } })
