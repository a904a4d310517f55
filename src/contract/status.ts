import { z } from 'zod'
import { defineCall } from './define-call.ts'
import { ok, text } from './output.ts'
import { NO_ACCOUNT, OWN_ACCOUNT } from './resources.ts'
import { EXAMPLE_USER, user } from './user.ts'

export const getTime = defineCall({
  method: 'GET',
  path: '/api/v0/time',
  summary: 'Read the clock of the server',
  description: 'Clients sign requests with a time, and correct their own clock by this one (COMPAT 3.4).',
  auth: 'public',
  resource: NO_ACCOUNT,
  output: text('Unix seconds as one decimal number, without a line end.'),
})

export const getStatus = defineCall({
  method: 'GET',
  path: '/api/v0/status',
  summary: 'Read whether the server is set up, and who is signed in',
  description: 'Home calls this first, to choose its page. A stranger learns only whether there is an owner.',
  auth: 'public',
  resource: NO_ACCOUNT,
  output: ok(
    z
      .strictObject({
        setup: z.enum(['needed', 'done']),
        version: z.string(),
        max_upload_bytes: z.int().meta({ description: 'The largest archive of a push.' }),
        user: user.nullable().meta({ description: 'Null without a session of Home.' }),
      })
      .meta({ id: 'Status' }),
  ),
  example: { answer: { setup: 'done', version: '0.1.0', max_upload_bytes: 262_144_000, user: EXAMPLE_USER } },
})

export const getSpace = defineCall({
  method: 'GET',
  path: '/api/v0/space',
  summary: 'Check an access token',
  description: 'The official client calls this to see whether a token is valid (COMPAT 3.7).',
  auth: 'user',
  scopes: ['push', 'read'],
  resource: OWN_ACCOUNT,
  output: ok(z.strictObject({ name: z.string().meta({ description: 'The username.' }) })),
  example: { answer: { name: 'ada' } },
})

export const getServedName = defineCall({
  method: 'GET',
  path: '/api/v0/served-names',
  summary: 'Check whether an app is served at a host',
  description: 'For the sign-in page: a stranger may have written its address, so it prints no other name.',
  auth: 'public',
  resource: NO_ACCOUNT,
  perMinute: 120,
  query: z.object({ host: z.string().max(300) }),
  output: ok(
    z.strictObject({
      name: z.string().nullable().meta({ description: 'The host as the server spells it.' }),
    }),
  ),
  example: {
    query: { host: 'notes-k2j3d4.space.localhost' },
    answer: { name: 'notes-k2j3d4.space.localhost' },
  },
})

export const getOpenApi = defineCall({
  method: 'GET',
  path: '/api/v0/openapi.json',
  summary: 'Read this API as an OpenAPI 3.1 document',
  auth: 'public',
  resource: NO_ACCOUNT,
  perMinute: 60,
  output: ok(z.looseObject({ openapi: z.string(), paths: z.looseObject({}) })),
})
