import { z } from 'zod'
import { createAccessToken } from '../../sessions/index.ts'
import { createOwner, isSetUp } from '../../people/index.ts'
import { conflict } from '../../kernel/http-error.ts'
import { strangersJson } from '../body-spec.ts'
import { beginHomeSession } from '../home-session.ts'
import { route } from '../route.ts'
import { userAnswer } from '../views/user.ts'

const owner = z.object({
  code: z.string().max(100),
  username: z.string().max(100),
  email: z.string().max(300).nullish(),
  password: z.string().max(5000),
  /** Given by scripts: they get an access token of this name at once, and no session, whose cookie they would not keep. */
  token_name: z.string().max(100).optional(),
})

export const setupRoutes = [
  route({
    method: 'POST',
    path: '/setup',
    auth: 'public',
    perMinute: 30,
    body: strangersJson(owner),
    handler: async (deps, { body, client, request }) => {
      const { db, sealer, setupCode, now } = deps
      if (await isSetUp(db)) throw conflict('This Ownspace has an owner already.')
      setupCode.check(body.code, client, now())
      const user = await createOwner(db, body, now())
      const answer = { user: userAnswer(user) }
      if (body.token_name === undefined)
        return Response.json(answer, { status: 201, headers: await beginHomeSession(deps, user, request) })
      const token = { userId: user.id, name: body.token_name, idleMs: deps.cliTokenIdleMs }
      const { value } = await createAccessToken(db, sealer, token, now())
      return Response.json({ ...answer, access_token: value }, { status: 201 })
    },
  }),
]
