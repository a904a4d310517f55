import { calls } from '../../contract/index.ts'
import { endHomeSessions, logIn } from '../../sessions/index.ts'
import { invalid } from '../../kernel/http-error.ts'
import { setCookie } from '../cookies.ts'
import { knownDevices } from '../device-cookie.ts'
import { beginHomeSession } from '../home-session.ts'
import { WithHeaders } from '../respond.ts'
import { route } from '../route.ts'
import { userAnswer } from '../views/user.ts'

export const sessionRoutes = [
  route(calls.signIn, async (deps, { body, client, request }) => {
    const devices = knownDevices(deps, request)
    const attempt = { login: body.username, password: body.password, client, devices }
    const user = await logIn(deps.db, deps.limits, attempt, deps.now())
    const headers = await beginHomeSession(deps, user, request)
    return new WithHeaders(headers, { user: userAnswer(user) })
  }),
  route(calls.signOut, async ({ sync, home }, { caller }) => {
    if (caller.kind !== 'session') throw invalid('A signed request has no session to end')
    const { user, sessionId } = caller
    await sync.commit((commit) => endHomeSessions(commit, { userId: user.id, only: sessionId }))
    const cookie = setCookie('space_home', '', { isSecure: home.isSecure, maxAgeSeconds: 0 })
    return new WithHeaders({ 'Set-Cookie': cookie }, undefined)
  }),
]
