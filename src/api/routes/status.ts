import { calls } from '../../contract/index.ts'
import { isSetUp } from '../../people/index.ts'
import { getSignedIn } from '../authenticate.ts'
import { servedName } from '../../instances/index.ts'
import { apiLimits } from '../api-limits.ts'
import { route } from '../route.ts'
import { userAnswer } from '../views/user.ts'

export const statusRoutes = [
  // Clients parse the body strictly as one decimal number: no JSON, no line end (COMPAT 3.4).
  route(calls.getTime, async ({ now }) => String(Math.floor(now() / 1000))),
  route(calls.getStatus, async (context, { request }) => {
    const signedIn = await getSignedIn(context, request)
    return {
      setup: (await isSetUp(context.db)) ? ('done' as const) : ('needed' as const),
      version: context.version,
      max_upload_bytes: apiLimits(context).archiveBytes,
      user: signedIn && userAnswer(signedIn.caller.user),
    }
  }),
  route(calls.getSpace, async (_, { caller }) => ({ name: caller.user.username })),
  // The sign-in page shows only such a name from its own address, which a stranger may have written.
  route(calls.getServedName, async (context, { query }) => ({ name: await servedName(context, query.host) })),
  route(calls.getOpenApi, async ({ openApi }) => openApi()),
]
