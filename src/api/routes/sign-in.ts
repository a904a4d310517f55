import { z } from 'zod'
import { endHomeSessions, logIn } from '../../sessions/index.ts'
import { invalid } from '../../kernel/http-error.ts'
import { strangersJson } from '../body-spec.ts'
import { setCookie } from '../cookies.ts'
import { knownDevices } from '../device-cookie.ts'
import { beginHomeSession } from '../home-session.ts'
import { route } from '../route.ts'
import { userAnswer } from '../views/user.ts'

const credentials = z.object({ username: z.string().max(300), password: z.string().max(5000) })

export const sessionRoutes = [
  route({
    method: 'POST',
    path: '/session',
    auth: 'public',
    body: strangersJson(credentials),
    handler: async (deps, { body, client, request }) => {
      const devices = knownDevices(deps, request)
      const attempt = { login: body.username, password: body.password, client, devices }
      const user = await logIn(deps.db, deps.limits, attempt, deps.now())
      const headers = await beginHomeSession(deps, user, request)
      return Response.json({ user: userAnswer(user) }, { status: 201, headers })
    },
  }),
  route({
    method: 'DELETE',
    path: '/session',
    auth: 'user',
    handler: async ({ sync, home }, { caller }) => {
      if (caller.kind !== 'session') throw invalid('A signed request has no session to end')
      const { user, sessionId } = caller
      await sync.commit((commit) => endHomeSessions(commit, { userId: user.id, only: sessionId }))
      const cookie = setCookie('space_home', '', { isSecure: home.isSecure, maxAgeSeconds: 0 })
      return new Response(null, { status: 204, headers: { 'Set-Cookie': cookie } })
    },
  }),
]
