import { z } from 'zod'
import {
  createAccessToken,
  deleteAccessToken,
  listAccessTokens,
  TOKEN_SCOPES,
  type AccessToken,
} from '../../sessions/index.ts'
import { forbidden, notFound } from '../../kernel/http-error.ts'
import { json } from '../body-spec.ts'
import { route } from '../route.ts'
import { isoTime } from '../../kernel/iso-time.ts'

export const accessTokenRoutes = [
  route({
    method: 'GET',
    path: '/access-tokens',
    auth: 'user',
    handler: async ({ db, now }, { caller }) => {
      const tokens = await listAccessTokens(db, caller.user.id, now())
      return Response.json({ access_tokens: tokens.map(tokenAnswer) })
    },
  }),
  route({
    method: 'POST',
    path: '/access-tokens',
    auth: 'user',
    body: json(z.object({ name: z.string().trim().min(1).max(64), scope: z.enum(TOKEN_SCOPES).optional() })),
    handler: async ({ db, sealer, now }, { caller, body }) => {
      // A token that leaked must not be able to make itself successors.
      if (caller.kind !== 'session') throw forbidden('Only a person who is signed in at Home can do this')
      const token = await createAccessToken(db, sealer, { userId: caller.user.id, ...body }, now())
      return Response.json({ ...tokenAnswer(token), value: token.value }, { status: 201 })
    },
  }),
  route({
    method: 'DELETE',
    path: '/access-tokens/:id',
    auth: 'user',
    // For `space logout`: every token may end itself.
    scopes: ['push', 'read'],
    handler: async ({ db }, { caller, params }) => {
      if (caller.kind === 'token' && caller.scope !== 'all' && caller.tokenId !== params.id)
        throw forbidden('This access token may only delete itself')
      if (!(await deleteAccessToken(db, caller.user.id, params.id)))
        throw notFound('There is no such access token')
      return new Response(null, { status: 204 })
    },
  }),
]

const tokenAnswer = ({ id, name, scope, createdAtMs, expiresAtMs, endsAtMs, lastUsedAtMs }: AccessToken) => ({
  id,
  name,
  scope,
  created_at: isoTime(createdAtMs),
  expires_at: isoTime(expiresAtMs),
  ends_at: isoTime(endsAtMs),
  last_used_at: lastUsedAtMs === null ? null : isoTime(lastUsedAtMs),
})
