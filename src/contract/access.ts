import { z } from 'zod'
import { json } from './body.ts'
import { EXAMPLE_TIME, time } from './common.ts'
import { defineCall } from './define-call.ts'
import { EXAMPLE_ROUTE, exposedRoute, routeWarning } from './exposure.ts'
import { ok } from './output.ts'

const OVERRIDES_MAX = 200
const params = { id: 'Id of the instance.' } as const

export const surfaceRoute = exposedRoute
  .extend({
    state: z.enum(['open', 'closed']),
    since: time.nullable().meta({ description: 'Open since; null when it is closed.' }),
    last_used_at: time.nullable(),
    uses: z.int(),
    advice: z
      .enum(['unused'])
      .nullable()
      .meta({ description: '`unused`: open for 90 days without a request.' }),
  })
  .meta({ id: 'SurfaceRoute' })

export const override = z
  .strictObject({ micro: z.string(), kind: z.enum(['close', 'private']), pattern: z.string() })
  .meta({ id: 'Override', description: 'What the owner has narrowed by hand. It never opens anything.' })

export const surface = z
  .strictObject({
    routes: z.array(surfaceRoute),
    private: z.array(
      z.strictObject({ micro: z.string(), pattern: z.string(), by: z.enum(['spacefile', 'owner']) }),
    ),
    keys_on: z.array(z.string()).meta({ description: 'Micros that take API keys.' }),
    warnings: z.array(routeWarning),
    overrides: z.array(override),
  })
  .meta({ id: 'Surface', description: 'All that is public of an instance.' })

const EXAMPLE_SURFACE = {
  routes: [
    { ...EXAMPLE_ROUTE, state: 'open', since: EXAMPLE_TIME, last_used_at: null, uses: 0, advice: null },
  ],
  private: [],
  keys_on: ['api'],
  warnings: [],
  overrides: [],
} as const

export const getSurface = defineCall({
  method: 'GET',
  path: '/api/v0/instances/:id/access',
  summary: 'Read what is public of an instance, since when, and who used it',
  auth: 'user',
  resource: 'instance',
  params,
  output: ok(surface),
  example: { answer: EXAMPLE_SURFACE },
})

export const setOverrides = defineCall({
  method: 'PUT',
  path: '/api/v0/instances/:id/access/overrides',
  summary: 'Replace what the owner has narrowed',
  description:
    'The whole list. Overrides only ever narrow, survive updates, and hold from the next request. `close`: this public rule does not count. `private`: what the pattern matches is private.',
  auth: 'user',
  resource: 'instance',
  params,
  body: json(
    z.object({
      overrides: z
        .array(
          z.object({
            micro: z.string().max(200),
            kind: z.enum(['close', 'private']),
            pattern: z.string().trim().max(512),
          }),
        )
        .max(OVERRIDES_MAX),
    }),
  ),
  output: ok(surface),
  errors: { invalid: 'The body does not fit, or an override would change nothing.' },
  example: {
    body: { overrides: [{ micro: 'api', kind: 'close', pattern: '/ping' }] },
    answer: EXAMPLE_SURFACE,
  },
})

export const explanation = z
  .strictObject({
    refusal_id: z.string().optional(),
    at: time.optional(),
    method: z.string(),
    url: z.string(),
    path: z.string().meta({ description: 'As it arrived.' }),
    canonical: z.string().nullable().meta({ description: 'As it was judged; null when it could not be.' }),
    is_plain: z.boolean().meta({ description: 'Every server reads the path alike.' }),
    instance: z.strictObject({ id: z.string(), alias: z.string(), app_name: z.string() }),
    micro: z.string().nullable(),
    mount: z.string().nullable(),
    outcome: z.enum(['public', 'refused', 'malformed']),
    reason: z.string().nullable(),
    rule: z.strictObject({ pattern: z.string(), from: z.string() }).nullable(),
    credential: z.enum(['none', 'key', 'session', 'app']),
    sentences: z.array(z.string()),
    remedies: z.array(z.string()).meta({ description: 'What would change the outcome.' }),
  })
  .meta({
    id: 'Explanation',
    description:
      'How a request was or would be judged, by the current rules. It holds no value of a credential.',
  })

const EXAMPLE_EXPLANATION = {
  method: 'GET',
  url: 'http://notes-k2j3d4.space.localhost:7070/api/secret',
  path: '/api/secret',
  canonical: '/api/secret',
  is_plain: true,
  instance: { id: 'inst_6k2x9m4qve', alias: 'notes-k2j3d4', app_name: 'Notes' },
  micro: 'api',
  mount: '/api',
  outcome: 'refused',
  reason: 'no-credential',
  rule: null,
  credential: 'none',
  sentences: ['No public rule matches the path, so it is private.'],
  remedies: [],
} as const

export const explainRequest = defineCall({
  method: 'POST',
  path: '/api/v0/access/explain',
  summary: 'Explain how a request without a credential is judged',
  auth: 'user',
  scopes: ['read'],
  resource: { kind: 'address', in: 'body', field: 'url' },
  body: json(
    z.object({
      method: z
        .string()
        .regex(/^[A-Za-z]{1,20}$/, 'takes a method such as GET')
        .transform((method) => method.toUpperCase())
        .meta({ examples: ['GET'] }),
      url: z.string().max(16_384),
    }),
  ),
  output: ok(explanation),
  errors: { invalid: 'The address does not begin with http:// or https:// and a host.' },
  example: { body: { method: 'GET', url: EXAMPLE_EXPLANATION.url }, answer: EXAMPLE_EXPLANATION },
})

export const explainRefusal = defineCall({
  method: 'GET',
  path: '/api/v0/refusals/:id',
  summary: 'Explain a request that was refused',
  description: 'Gateways keep the last few thousand.',
  auth: 'user',
  resource: 'refusal',
  perMinute: 120,
  params: { id: 'The id on the page of the refusal.' },
  output: ok(explanation),
  example: { answer: { ...EXAMPLE_EXPLANATION, refusal_id: 'k2j3d4', at: EXAMPLE_TIME } },
})
