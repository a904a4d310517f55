import { z } from 'zod'
import { isSetUp } from '../../people/index.ts'
import { getSignedIn } from '../authenticate.ts'
import { servedName } from '../../instances/index.ts'
import { platformLimits } from '../body-spec.ts'
import { route } from '../route.ts'
import { userAnswer } from '../views/user.ts'

export const statusRoutes = [
  // What Home's page asks first: which of its pages to show. Tells a stranger only whether there is an owner.
  route({
    method: 'GET',
    path: '/status',
    auth: 'public',
    handler: async (deps, { request }) => {
      const signedIn = await getSignedIn(deps, request)
      return Response.json({
        setup: (await isSetUp(deps.db)) ? 'done' : 'needed',
        version: deps.version,
        max_upload_bytes: platformLimits(deps).archiveBytes,
        user: signedIn && userAnswer(signedIn.caller.user),
      })
    },
  }),
  // Whether the sign-in page may show a name that its address brings: a stranger may have written that address.
  route({
    method: 'GET',
    path: '/served-names',
    auth: 'public',
    perMinute: 120,
    query: z.object({ host: z.string().max(300) }),
    handler: async (deps, { query }) => Response.json({ name: await servedName(deps, query.host) }),
  }),
]
