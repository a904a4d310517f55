import { calls } from '../../contract/index.ts'
import { answerCliLogin, createCliLogin, getCliLogin, pollCliLogin } from '../../sessions/index.ts'
import { compareNetworks } from '../../kernel/client-network.ts'
import { forbidden, notFound } from '../../kernel/http-error.ts'
import type { ApiContext } from '../api-context.ts'
import type { Caller } from '../caller.ts'
import { route } from '../route.ts'
import { isoTime } from '../../kernel/iso-time.ts'

/** `space login`: the terminal begins and polls, the person types at Home the code that the terminal shows. */
export const cliLoginRoutes = [
  route(calls.startCliLogin, async ({ db, limits, home, now }, { body, client }) => {
    const login = await createCliLogin(db, limits, { ...body, client }, now())
    return {
      id: login.id,
      poll_token: login.pollToken,
      user_code: login.userCode,
      // Without the code: a link that a stranger sends must not be all that it takes (RFC 8628, 5.4).
      url: `${home.origin}/cli`,
      expires_at: isoTime(login.expiresAtMs),
    }
  }),
  route(calls.pollCliLogin, async ({ db, sealer, cliTokenIdleMs, now }, { params, body }) => {
    const attempt = { id: params.id, pollToken: body.poll_token, idleMs: cliTokenIdleMs }
    const poll = await pollCliLogin(db, sealer, attempt, now())
    return poll.status === 'approved' ? { status: poll.status, access_token: poll.accessToken } : poll
  }),
  route(calls.findCliLogin, async ({ db, limits, now }, { caller, query, client }) => {
    refuseToken(caller)
    const asked = { userId: caller.user.id, userCode: query.user_code }
    const login = await getCliLogin(db, limits, asked, now())
    if (!login) throw notFound('There is no such log-in, or it was answered or has expired.')
    return {
      id: login.id,
      name: login.name,
      scope: login.scope,
      client: login.client,
      network: compareNetworks(login.client, client),
      user_code: login.userCode,
      created_at: isoTime(login.createdAtMs),
    }
  }),
  route(calls.approveCliLogin, (deps, { caller, params, body }) =>
    answer(deps, caller, { id: params.id, userCode: body.user_code, answer: 'approved' }),
  ),
  route(calls.denyCliLogin, (deps, { caller, params, body }) =>
    answer(deps, caller, { id: params.id, userCode: body.user_code, answer: 'denied' }),
  ),
]

interface Answer {
  readonly id: string
  readonly userCode: string
  readonly answer: 'approved' | 'denied'
}

/** Only a person at Home: a token that leaked must not be able to make itself successors. */
function refuseToken(caller: Caller): void {
  if (caller.kind !== 'session') throw forbidden('Only a person who is signed in at Home can do this')
}

async function answer({ db, limits, now }: ApiContext, caller: Caller, given: Answer): Promise<void> {
  refuseToken(caller)
  await answerCliLogin(db, limits, { ...given, userId: caller.user.id }, now())
}
