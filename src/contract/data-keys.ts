import { z } from 'zod'
import { json } from './body.ts'
import { EXAMPLE_TIME, time } from './common.ts'
import { defineCall } from './define-call.ts'
import { created, noContent, ok } from './output.ts'

const NAMES_MAX = 100
const names = z.array(z.string().min(1).max(200)).max(NAMES_MAX).nullish()
const keyName = z.string().trim().min(1).max(64)

export const dataKeyLimits = z.object({
  read_only: z.boolean().default(false),
  bases: names.meta({
    description:
      'Names of the Bases that the key opens; null: all. Omitted: all, or none when `drives` is given.',
  }),
  drives: names.meta({
    description:
      'Names of the Drives that the key opens; null: all. Omitted: all, or none when `bases` is given.',
  }),
})

export const dataKey = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    kind: z.enum(['app', 'project', 'user']).meta({
      description:
        '`app`: the micros have it as `DETA_PROJECT_KEY`; `project`: made by `space dev`; `user`: made by a person.',
    }),
    created_at: time,
    read_only: z.boolean(),
    bases: z.array(z.string()).nullable().meta({ description: 'Null: all.' }),
    drives: z.array(z.string()).nullable().meta({ description: 'Null: all.' }),
    last_used_at: time.nullable(),
  })
  .meta({ id: 'DataKey', description: 'Opens the Bases and Drives of one collection.' })

const value = z.string().meta({ description: 'Shown once; the server keeps a digest.' })

export const newDataKey = dataKey.extend({ value }).meta({ id: 'NewDataKey' })

const EXAMPLE_KEY = {
  id: 'dkey_5x8k2m6qvb',
  name: 'backup script',
  kind: 'user',
  created_at: EXAMPLE_TIME,
  read_only: true,
  bases: ['recipes'],
  drives: [],
  last_used_at: null,
} as const
const EXAMPLE_VALUE = 'k4x8m2q7vd3w9xab_wR3…'
const ofCollection = { id: 'Id of the collection.' } as const

export const listDataKeys = defineCall({
  method: 'GET',
  path: '/api/v0/collections/:id/keys',
  summary: 'List the data keys of a collection',
  auth: 'user',
  resource: 'collection',
  params: ofCollection,
  output: ok(z.strictObject({ keys: z.array(dataKey) })),
  example: { answer: { keys: [EXAMPLE_KEY] } },
})

export const createDataKey = defineCall({
  method: 'POST',
  path: '/api/v0/collections/:id/keys',
  summary: 'Create a data key',
  description: 'Without limits it reads and writes all Bases and Drives of the collection.',
  auth: 'user',
  resource: 'collection',
  params: ofCollection,
  body: json(dataKeyLimits.extend({ name: keyName })),
  output: created(newDataKey),
  errors: {
    invalid: 'The body is invalid, or the key would open nothing.',
    conflict: 'The collection has too many keys; delete one first.',
  },
  example: {
    body: { name: 'backup script', read_only: true, bases: ['recipes'] },
    answer: { ...EXAMPLE_KEY, value: EXAMPLE_VALUE },
  },
})

export const deleteDataKey = defineCall({
  method: 'DELETE',
  path: '/api/v0/collections/:id/keys/:key',
  summary: 'Delete a data key',
  description: 'When the call answers, the key is refused.',
  auth: 'user',
  resource: 'data-key',
  params: { ...ofCollection, key: 'Id of the key.' },
  output: noContent,
  errors: { conflict: 'It is the key of the app itself, which can only be replaced.' },
})

export const rotateDataKey = defineCall({
  method: 'POST',
  path: '/api/v0/instances/:id/data_key/rotate',
  summary: 'Replace the data key of an instance',
  description: 'Creates a new `DETA_PROJECT_KEY`, and restarts the micros with it. The old key is refused.',
  auth: 'user',
  resource: 'instance',
  params: { id: 'Id of the instance.' },
  output: noContent,
  errors: { conflict: 'A push of the app is in progress.' },
})

const ofApp = { id: 'Id of the app.' } as const
/** The shape that the official client reads (COMPAT 3.7). */
const projectKey = z.strictObject({ name: z.string(), created_at: time })
const EXAMPLE_PROJECT_KEY = { name: 'space cli', created_at: EXAMPLE_TIME } as const

export const listProjectKeys = defineCall({
  method: 'GET',
  path: '/api/v0/apps/:id/keys',
  summary: 'List the project keys of an app',
  description: 'Project keys are data keys of the collection that the pushes of the app use (COMPAT 3.8).',
  auth: 'user',
  resource: 'app',
  params: ofApp,
  output: ok(z.strictObject({ keys: z.array(projectKey) })),
  example: { answer: { keys: [EXAMPLE_PROJECT_KEY] } },
})

export const createProjectKey = defineCall({
  method: 'POST',
  path: '/api/v0/apps/:id/keys',
  summary: 'Create a project key',
  description: 'Works before the first push as well: the first push then uses the same collection.',
  auth: 'user',
  resource: 'app',
  params: ofApp,
  body: json(z.object({ name: keyName })),
  output: created(projectKey.extend({ value })),
  errors: { conflict: 'The name is used already, or the collection has too many keys.' },
  example: { body: { name: 'space cli' }, answer: { ...EXAMPLE_PROJECT_KEY, value: EXAMPLE_VALUE } },
})

export const deleteProjectKey = defineCall({
  method: 'DELETE',
  path: '/api/v0/apps/:id/keys/:name',
  summary: 'Delete a project key',
  description: 'When the call answers, the key is refused.',
  auth: 'user',
  resource: 'project-key',
  params: { ...ofApp, name: 'Name of the key.' },
  output: noContent,
})
