import { z } from 'zod'
import { json } from './body.ts'
import { EXAMPLE_TIME, time } from './common.ts'
import { defineCall } from './define-call.ts'
import { created, noContent, ok } from './output.ts'

const DAY_SECONDS = 24 * 60 * 60
const LIST_MAX = 50

const limit = (item: z.ZodString) => z.array(item).min(1, 'leave it out for no limit').max(LIST_MAX).nullish()

/** What a new key may be limited to; left out or null: no limit. */
export const keyScope = z.object({
  micros: limit(z.string().max(200)),
  methods: limit(z.string().regex(/^[A-Za-z]{1,20}$/, 'takes methods such as GET')),
  paths: limit(z.string().trim().min(1).max(512)),
  expires_at: z.iso.datetime({ offset: true, error: 'takes a time such as 2027-01-31T12:00:00Z' }).nullish(),
  per_minute: z.int().min(1).max(60_000).nullish(),
  origins: limit(z.string().trim().min(1).max(200)),
})

const limits = (description: string) => z.array(z.string()).nullable().meta({ description })

export const apiKey = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    created_at: time,
    micros: limits('Null: wherever keys work.'),
    methods: limits('Null: any method.'),
    paths: limits('Patterns below the mount of the micro that serves them. Null: any path.'),
    per_minute: z.int().nullable().meta({ description: 'Requests a minute. Null: no limit.' }),
    origins: limits('Of pages that may use it from a browser. Null: no page of another origin.'),
    expires_at: time.nullable(),
    last_used_at: time.nullable(),
    uses: z.int(),
  })
  .meta({ id: 'ApiKey' })

export const newApiKey = apiKey
  .extend({ value: z.string().meta({ description: 'Shown once; the server keeps a digest.' }) })
  .meta({ id: 'NewApiKey' })

const EXAMPLE_KEY = {
  id: 'key_4x8k2m6qva',
  name: 'backup script',
  created_at: EXAMPLE_TIME,
  micros: null,
  methods: ['GET'],
  paths: ['/export/*'],
  per_minute: 60,
  origins: null,
  expires_at: null,
  last_used_at: null,
  uses: 0,
} as const
const EXAMPLE_NEW_KEY = { ...EXAMPLE_KEY, value: '4x8k2m6qva_wR3…' } as const
const ofInstance = { id: 'Id of the instance.' } as const
const ofKey = { ...ofInstance, key: 'Id of the key.' } as const

export const listApiKeys = defineCall({
  method: 'GET',
  path: '/api/v0/instances/:id/api_keys',
  summary: 'List the API keys of an instance',
  auth: 'user',
  resource: 'instance',
  params: ofInstance,
  output: ok(z.strictObject({ keys: z.array(apiKey) })),
  example: { answer: { keys: [EXAMPLE_KEY] } },
})

export const createApiKey = defineCall({
  method: 'POST',
  path: '/api/v0/instances/:id/api_keys',
  summary: 'Create an API key',
  description: 'Without limits it works wherever keys work on this instance.',
  auth: 'user',
  resource: 'instance',
  params: ofInstance,
  body: json(keyScope.extend({ name: z.string().trim().min(1).max(64) })),
  output: created(newApiKey),
  errors: {
    invalid: 'The body does not fit, or the key could never let a request in.',
    conflict: 'The instance has too many keys; delete one first.',
  },
  example: {
    body: { name: 'backup script', methods: ['GET'], paths: ['/export/*'], per_minute: 60 },
    answer: EXAMPLE_NEW_KEY,
  },
})

export const rotateApiKey = defineCall({
  method: 'POST',
  path: '/api/v0/instances/:id/api_keys/:key/rotate',
  summary: 'Replace an API key',
  description: 'The new key has the same name and limits. The old one ends after the overlap.',
  auth: 'user',
  resource: 'key',
  params: ofKey,
  body: json(
    z.object({
      overlap_seconds: z
        .int()
        .min(0)
        .max(30 * DAY_SECONDS)
        .default(DAY_SECONDS),
    }),
  ),
  output: created(newApiKey),
  errors: { conflict: 'The key has expired or was replaced already, or the instance has too many keys.' },
  example: { body: { overlap_seconds: 3600 }, answer: EXAMPLE_NEW_KEY },
})

export const deleteApiKey = defineCall({
  method: 'DELETE',
  path: '/api/v0/instances/:id/api_keys/:key',
  summary: 'Delete an API key',
  description: 'Every gateway refuses it before the call answers.',
  auth: 'user',
  resource: 'key',
  params: ofKey,
  output: noContent,
})

export const rotateInternalKey = defineCall({
  method: 'POST',
  path: '/api/v0/instances/:id/internal_key/rotate',
  summary: 'Replace the internal key of an instance',
  description: '`DETA_API_KEY` is new, and its micros start again.',
  auth: 'user',
  resource: 'instance',
  params: ofInstance,
  output: noContent,
  errors: { conflict: 'A push of the app is under way.' },
})
