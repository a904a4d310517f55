import { z } from 'zod'
import { json } from './body.ts'
import { EXAMPLE_COLLECTION, keepData, keptCollection } from './collections.ts'
import { EXAMPLE_TIME, time } from './common.ts'
import { defineCall } from './define-call.ts'
import { EXAMPLE_INSTANCE, instance } from './instance.ts'
import { ok, stream } from './output.ts'
import { OWN_LIST } from './resources.ts'

const params = { id: 'Id of the instance.' } as const

export const listInstances = defineCall({
  method: 'GET',
  path: '/api/v0/instances',
  summary: 'List instances',
  description: 'The most recently updated comes first.',
  auth: 'user',
  scopes: ['push', 'read'],
  resource: OWN_LIST,
  query: z.object({
    app_id: z.string().optional(),
    channel: z.string().optional(),
    alias: z.string().optional(),
  }),
  output: ok(z.strictObject({ instances: z.array(instance) })),
  example: { answer: { instances: [EXAMPLE_INSTANCE] } },
})

export const getInstance = defineCall({
  method: 'GET',
  path: '/api/v0/instances/:id',
  summary: 'Read an instance, with the values of its settings',
  auth: 'user',
  scopes: ['push', 'read'],
  resource: 'instance',
  params,
  output: ok(instance),
  example: { answer: EXAMPLE_INSTANCE },
})

/** The shape of an instance with new values; fields other than names and values are ignored (COMPAT 3.7). */
const settings = z.object({
  micros: z.array(
    z.object({
      name: z.string(),
      presets: z.object({
        env: z.array(z.object({ name: z.string(), value: z.string().max(65_536) })).max(200),
      }),
    }),
  ),
})

export const updateInstance = defineCall({
  method: 'PATCH',
  path: '/api/v0/instances/:id',
  summary: 'Set environment values',
  description:
    'Restarts the micros of the instance with the new values. Names that the revision does not declare are ignored (COMPAT 3.7).',
  auth: 'user',
  resource: 'instance',
  params,
  body: json(settings),
  output: ok(instance),
  example: {
    body: { micros: [{ name: 'api', presets: { env: [{ name: 'GREETING', value: 'hello' }] } }] },
    answer: EXAMPLE_INSTANCE,
  },
})

export const deleteInstance = defineCall({
  method: 'DELETE',
  path: '/api/v0/instances/:id',
  summary: 'Delete an instance',
  description:
    'Stops the instance and deletes its settings, keys and logs. When the call answers, every gateway refuses requests to it, and its data key is refused.',
  auth: 'user',
  resource: 'instance',
  params,
  query: keepData,
  output: ok(keptCollection),
  example: { query: { keep_data: 'true' }, answer: { kept_collection: EXAMPLE_COLLECTION } },
})

export const getIcon = defineCall({
  method: 'GET',
  path: '/api/v0/instances/:id/icon',
  summary: 'Read the icon of an instance',
  auth: 'user',
  resource: 'instance',
  params,
  output: stream('image/*', 'The image.'),
})

export const logEntry = z
  .strictObject({
    micro_name: z.string(),
    event_type: z.enum(['stdout', 'stderr', 'runtime']).meta({
      description: '`runtime`: a line of the server about a start or an exit, with the reason.',
    }),
    timestamp: time,
    msg: z.string(),
  })
  .meta({ id: 'LogEntry' })

export const readInstanceLog = defineCall({
  method: 'GET',
  path: '/api/v0/instances/:id/logs',
  summary: 'Read the log of the micros of an instance',
  description: 'The newest line comes first.',
  auth: 'user',
  resource: 'instance',
  params,
  query: z.object({
    micro: z.string().optional(),
    limit: z.coerce.number().int().min(1).max(1000).default(100),
  }),
  output: ok(z.strictObject({ logs: z.array(logEntry) })),
  example: {
    answer: {
      logs: [{ micro_name: 'api', event_type: 'stdout', timestamp: EXAMPLE_TIME, msg: 'listening on 8080' }],
    },
  },
})
