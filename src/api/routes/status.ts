import { calls, openApiDocument } from '../../contract/index.ts'
import { isSetUp } from '../../people/index.ts'
import { getSignedIn } from '../authenticate.ts'
import { servedName } from '../../instances/index.ts'
import { platformLimits } from '../platform-limits.ts'
import { route } from '../route.ts'
import { userAnswer } from '../views/user.ts'

export const statusRoutes = [
  // Clients parse the body as one decimal number, strictly: no JSON, no line end (COMPAT 3.4).
  route(calls.getTime, async ({ now }) => String(Math.floor(now() / 1000))),
  route(calls.getStatus, async (deps, { request }) => {
    const signedIn = await getSignedIn(deps, request)
    return {
      setup: (await isSetUp(deps.db)) ? ('done' as const) : ('needed' as const),
      version: deps.version,
      max_upload_bytes: platformLimits(deps).archiveBytes,
      user: signedIn && userAnswer(signedIn.caller.user),
    }
  }),
  route(calls.getSpace, async (_, { caller }) => ({ name: caller.user.username })),
  // Whether the sign-in page may show a name that its address brings: a stranger may have written that address.
  route(calls.getServedName, async (deps, { query }) => ({ name: await servedName(deps, query.host) })),
  route(calls.getOpenApi, async ({ version }) => openApiDocument(version)),
]
