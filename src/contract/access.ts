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
    since: time.nullable().meta({ description: 'When the route became public; null when it is closed.' }),
    last_used_at: time.nullable(),
    uses: z.int(),
    advice: z
      .enum(['unused'])
      .nullable()
      .meta({ description: '`unused`: public for 90 days without a request.' }),
  })
  .meta({ id: 'SurfaceRoute' })

export const override = z
  .strictObject({ micro: z.string(), kind: z.enum(['close', 'private']), pattern: z.string() })
  .meta({
    id: 'Override',
    description: 'A restriction that the owner has set. An override never makes anything public.',
  })

export const surface = z
  .strictObject({
    routes: z.array(surfaceRoute),
    private: z.array(
      z.strictObject({ micro: z.string(), pattern: z.string(), by: z.enum(['spacefile', 'owner']) }),
    ),
    keys_on: z.array(z.string()).meta({ description: 'Micros that accept API keys.' }),
    warnings: z.array(routeWarning),
    overrides: z.array(override),
  })
  .meta({ id: 'Surface', description: 'Everything that is public on an instance.' })

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
  summary: 'Read what is public on an instance, since when, and how often it was used',
  auth: 'user',
  resource: 'instance',
  params,
  output: ok(surface),
  example: { answer: EXAMPLE_SURFACE },
})

export const setOverrides = defineCall({
  method: 'PUT',
  path: '/api/v0/instances/:id/access/overrides',
  summary: 'Replace the overrides of the owner',
  description:
    'Send the whole list. Overrides only restrict access, survive updates, and apply from the next request. `close`: this public rule is ignored. `private`: every path that the pattern matches is private.',
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
  errors: { invalid: 'The body is invalid, or an override would have no effect.' },
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
    path: z.string().meta({ description: 'The path as it arrived.' }),
    canonical: z
      .string()
      .nullable()
      .meta({ description: 'The path that the rules were applied to; null when it is malformed.' }),
    is_plain: z.boolean().meta({ description: 'All servers read the path in the same way.' }),
    instance: z.strictObject({ id: z.string(), alias: z.string(), app_name: z.string() }),
    micro: z.string().nullable(),
    mount: z.string().nullable(),
    outcome: z.enum(['public', 'refused', 'malformed']),
    reason: z.string().nullable(),
    rule: z.strictObject({ pattern: z.string(), from: z.string() }).nullable(),
    credential: z.enum(['none', 'key', 'session', 'app']),
    sentences: z.array(z.string()),
    remedies: z.array(z.string()).meta({ description: 'Changes that would change the outcome.' }),
  })
  .meta({
    id: 'Explanation',
    description: 'The decision about a request, by the current rules. It contains no value of a credential.',
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
  summary: 'Explain the decision about a request without a credential',
  auth: 'user',
  scopes: ['read'],
  resource: { kind: 'address', in: 'body', field: 'url' },
  body: json(
    z.object({
      method: z
        .string()
        .regex(/^[A-Za-z]{1,20}$/, 'must be a method such as GET')
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
  description: 'Gateways keep the last few thousand refusals.',
  auth: 'user',
  resource: 'refusal',
  perMinute: 120,
  params: { id: 'The id that the refusal page shows.' },
  output: ok(explanation),
  example: { answer: { ...EXAMPLE_EXPLANATION, refusal_id: 'k2j3d4', at: EXAMPLE_TIME } },
})
