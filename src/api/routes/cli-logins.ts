import { z } from 'zod'
import {
  answerCliLogin,
  createCliLogin,
  getCliLogin,
  pollCliLogin,
  TOKEN_SCOPES,
} from '../../sessions/index.ts'
import { compareNetworks } from '../../kernel/client-network.ts'
import { forbidden, notFound } from '../../kernel/http-error.ts'
import { json, strangersJson } from '../body-spec.ts'
import type { ApiContext } from '../api-context.ts'
import { type Caller, route } from '../route.ts'
import { isoTime } from '../../kernel/iso-time.ts'

const userCode = z.object({ user_code: z.string().max(40) })

/** `space login`: the terminal begins and polls, the person types at Home the code that the terminal shows. */
export const cliLoginRoutes = [
  route({
    method: 'POST',
    path: '/cli-logins',
    auth: 'public',
    perMinute: 30,
    body: strangersJson(z.object({ name: z.string().max(200), scope: z.enum(TOKEN_SCOPES).optional() })),
    handler: async ({ db, limits, home, now }, { body, client }) => {
      const login = await createCliLogin(db, limits, { ...body, client }, now())
      const answer = {
        id: login.id,
        poll_token: login.pollToken,
        user_code: login.userCode,
        // Without the code: a link that a stranger sends must not be all that it takes (RFC 8628, 5.4).
        url: `${home.origin}/cli`,
        expires_at: isoTime(login.expiresAtMs),
      }
      return Response.json(answer, { status: 201 })
    },
  }),
  route({
    method: 'POST',
    path: '/cli-logins/:id/poll',
    auth: 'public',
    perMinute: 120,
    // Only the terminal that began the log-in knows its id: no stranger can use up its polls.
    countedBy: 'id',
    body: strangersJson(z.object({ poll_token: z.string().max(200) })),
    handler: async ({ db, sealer, cliTokenIdleMs, now }, { params, body }) => {
      const attempt = { id: params.id, pollToken: body.poll_token, idleMs: cliTokenIdleMs }
      const poll = await pollCliLogin(db, sealer, attempt, now())
      return Response.json(
        poll.status === 'approved' ? { status: poll.status, access_token: poll.accessToken } : poll,
      )
    },
  }),
  route({
    method: 'GET',
    path: '/cli-logins',
    auth: 'user',
    query: userCode,
    handler: async ({ db, limits, now }, { caller, query, client }) => {
      refuseToken(caller)
      const wanted = { userId: caller.user.id, userCode: query.user_code }
      const login = await getCliLogin(db, limits, wanted, now())
      if (!login) throw notFound('There is no such log-in, or it was answered or has expired.')
      return Response.json({
        id: login.id,
        name: login.name,
        scope: login.scope,
        client: login.client,
        network: compareNetworks(login.client, client),
        user_code: login.userCode,
        created_at: isoTime(login.createdAtMs),
      })
    },
  }),
  ...(['approve', 'deny'] as const).map((verb) =>
    route({
      method: 'POST',
      path: `/cli-logins/:id/${verb}`,
      auth: 'user',
      body: json(userCode),
      handler: (deps, { caller, params, body }) =>
        answer(deps, caller, {
          id: params.id,
          userCode: body.user_code,
          answer: verb === 'approve' ? 'approved' : 'denied',
        }),
    }),
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

async function answer(
  { db, limits, now }: ApiContext,
  caller: Caller,
  { id, userCode, answer }: Answer,
): Promise<Response> {
  refuseToken(caller)
  await answerCliLogin(db, limits, { id, userCode, answer, userId: caller.user.id }, now())
  return new Response(null, { status: 204 })
}
