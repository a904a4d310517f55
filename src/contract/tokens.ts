import { z } from 'zod'
import { json } from './body.ts'
import { EXAMPLE_TIME, time } from './common.ts'
import { TOKEN_SCOPES, defineCall } from './define-call.ts'
import { created, noContent, ok } from './output.ts'
import { OWN_ACCOUNT, OWN_LIST } from './resources.ts'

export const accessToken = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    scope: z.enum(TOKEN_SCOPES),
    created_at: time,
    expires_at: time,
    ends_at: time.meta({ description: 'At the latest: a use may put `expires_at` off until then.' }),
    last_used_at: time.nullable(),
  })
  .meta({ id: 'AccessToken' })

export const newAccessToken = accessToken
  .extend({ value: z.string().meta({ description: 'Shown once; the server cannot show it again.' }) })
  .meta({ id: 'NewAccessToken' })

const EXAMPLE_TOKEN = {
  id: 'xkcfKpsU',
  name: 'laptop',
  scope: 'all',
  created_at: EXAMPLE_TIME,
  expires_at: '2026-12-21T12:00:00.000Z',
  ends_at: '2027-11-21T12:00:00.000Z',
  last_used_at: null,
} as const

export const listAccessTokens = defineCall({
  method: 'GET',
  path: '/api/v0/access-tokens',
  summary: 'List access tokens',
  auth: 'user',
  resource: OWN_LIST,
  output: ok(z.strictObject({ access_tokens: z.array(accessToken) })),
  example: { answer: { access_tokens: [EXAMPLE_TOKEN] } },
})

export const createAccessToken = defineCall({
  method: 'POST',
  path: '/api/v0/access-tokens',
  summary: 'Create an access token',
  description: 'With a session of Home only: a token that leaked must not be able to create others.',
  auth: 'user',
  resource: OWN_ACCOUNT,
  body: json(
    z.object({
      name: z.string().trim().min(1).max(64),
      scope: z.enum(TOKEN_SCOPES).optional().meta({ description: '`all` without it.' }),
    }),
  ),
  output: created(newAccessToken),
  errors: {
    forbidden: 'The request was signed with an access token.',
    conflict: 'There are too many access tokens; delete one first.',
  },
  example: {
    body: { name: 'laptop' },
    answer: { ...EXAMPLE_TOKEN, value: 'xkcfKpsU_zwDNmNSqG9TGEiR8sSm8HVrSWuJ31b4d' },
  },
})

export const deleteAccessToken = defineCall({
  method: 'DELETE',
  path: '/api/v0/access-tokens/:id',
  summary: 'Delete an access token',
  description: 'A token that is limited to a scope may delete only itself.',
  auth: 'user',
  scopes: ['push', 'read'],
  resource: 'access-token',
  params: { id: 'Id of the access token.' },
  output: noContent,
  errors: { forbidden: 'The call was made with a limited token, and names another one.' },
})
