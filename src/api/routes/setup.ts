import { calls } from '../../contract/index.ts'
import { createAccessToken } from '../../sessions/index.ts'
import { createOwner, isSetUp } from '../../people/index.ts'
import { conflict } from '../../kernel/http-error.ts'
import { beginHomeSession } from '../home-session.ts'
import { WithHeaders } from '../respond.ts'
import { route } from '../route.ts'
import { userAnswer } from '../views/user.ts'

export const setupRoutes = [
  route(calls.setUp, async (deps, { body, client, request }) => {
    const { db, sealer, setupCode, now } = deps
    if (await isSetUp(db)) throw conflict('This Ownspace has an owner already.')
    setupCode.check(body.code, client, now())
    const user = await createOwner(db, body, now())
    const answer = { user: userAnswer(user) }
    // Scripts get no session, whose cookie they would not keep.
    if (body.token_name === undefined)
      return new WithHeaders(await beginHomeSession(deps, user, request), answer)
    const token = { userId: user.id, name: body.token_name, idleMs: deps.cliTokenIdleMs }
    const { value } = await createAccessToken(db, sealer, token, now())
    return { ...answer, access_token: value }
  }),
]
