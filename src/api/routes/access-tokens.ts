import { calls } from '../../contract/index.ts'
import {
  createAccessToken,
  deleteAccessToken,
  listAccessTokens,
  type AccessToken,
} from '../../sessions/index.ts'
import { forbidden, notFound } from '../../kernel/http-error.ts'
import { route } from '../route.ts'
import { isoTime } from '../../kernel/iso-time.ts'

export const accessTokenRoutes = [
  route(calls.listAccessTokens, async ({ db, now }, { caller }) => {
    const tokens = await listAccessTokens(db, caller.user.id, now())
    return { access_tokens: tokens.map(tokenAnswer) }
  }),
  route(calls.createAccessToken, async ({ db, sealer, now }, { caller, body }) => {
    // A token that leaked must not be able to make itself successors.
    if (caller.kind !== 'session') throw forbidden('Only a person who is signed in at Home can do this')
    const token = await createAccessToken(db, sealer, { userId: caller.user.id, ...body }, now())
    return { ...tokenAnswer(token), value: token.value }
  }),
  route(calls.deleteAccessToken, async ({ db }, { caller, accessToken }) => {
    if (!(await deleteAccessToken(db, caller.user.id, accessToken.id)))
      throw notFound('There is no such access token')
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
