import { z } from 'zod'
import { json } from './body.ts'
import { EXAMPLE_TIME, time } from './common.ts'
import { defineCall } from './define-call.ts'
import { created, noContent, ok } from './output.ts'
import { OWN_ACCOUNT, OWN_LIST } from './resources.ts'

export const collection = z
  .strictObject({
    id: z.string().meta({ description: 'Its data keys begin with the id.' }),
    name: z.string(),
    kind: z.enum(['app', 'headless']).meta({ description: '`headless`: no app uses it.' }),
    app_id: z.string().nullable().meta({ description: 'The app whose pushes use it.' }),
    instance_id: z.string().nullable(),
    created_at: time,
  })
  .meta({ id: 'Collection', description: 'The Bases and Drives of an app, or of none.' })

export const keptCollection = z.strictObject({
  kept_collection: collection
    .nullable()
    .meta({ description: 'Has the data; null when there was none, or it was deleted.' }),
})

/** Input of the calls that end an app. Keeping is the default: a kept collection can still be deleted. */
export const keepData = z.object({
  keep_data: z.stringbool().default(true).meta({
    description: 'Keep the data as a headless collection. `false` deletes it, which cannot be undone.',
  }),
})

export const EXAMPLE_COLLECTION = {
  id: 'k4x8m2q7vd3w9xab',
  name: 'Recipes',
  kind: 'headless',
  app_id: null,
  instance_id: null,
  created_at: EXAMPLE_TIME,
} as const
const params = { id: 'Id of the collection.' } as const
const name = z.string().trim().min(1).max(64)

export const listCollections = defineCall({
  method: 'GET',
  path: '/api/v0/collections',
  summary: 'List collections',
  description: 'Those of apps and headless ones; the newest comes first.',
  auth: 'user',
  resource: OWN_LIST,
  output: ok(z.strictObject({ collections: z.array(collection) })),
  example: { answer: { collections: [EXAMPLE_COLLECTION] } },
})

export const createCollection = defineCall({
  method: 'POST',
  path: '/api/v0/collections',
  summary: 'Create a headless collection',
  description: 'Its Bases and Drives are created by the first write; create a data key for that.',
  auth: 'user',
  resource: OWN_ACCOUNT,
  body: json(z.object({ name })),
  output: created(collection),
  errors: { conflict: 'The person has too many collections; delete one first.' },
  example: { body: { name: 'Recipes' }, answer: EXAMPLE_COLLECTION },
})

export const getCollection = defineCall({
  method: 'GET',
  path: '/api/v0/collections/:id',
  summary: 'Read a collection, with its size and its limit',
  auth: 'user',
  resource: 'collection',
  params,
  output: ok(
    collection.extend({
      bytes: z.int(),
      limit_bytes: z.int().meta({ description: 'What its Bases and its Drives may take up, together.' }),
    }),
  ),
  example: { answer: { ...EXAMPLE_COLLECTION, bytes: 81_920, limit_bytes: 2_000_000_000_000 } },
})

export const renameCollection = defineCall({
  method: 'PATCH',
  path: '/api/v0/collections/:id',
  summary: 'Rename a collection',
  auth: 'user',
  resource: 'collection',
  params,
  body: json(z.object({ name })),
  output: ok(collection),
  example: { body: { name: 'Recipes' }, answer: EXAMPLE_COLLECTION },
})

export const deleteCollection = defineCall({
  method: 'DELETE',
  path: '/api/v0/collections/:id',
  summary: 'Delete a headless collection',
  description: 'Deletes its data and its data keys. When the call answers, the keys are refused.',
  auth: 'user',
  resource: 'collection',
  params,
  output: noContent,
  errors: { conflict: 'An app uses the collection; delete the app, with `keep_data=false`.' },
})

const named = z.array(z.strictObject({ name: z.string() }))

export const listBases = defineCall({
  method: 'GET',
  path: '/api/v0/collections/:id/bases',
  summary: 'List the Bases of a collection',
  auth: 'user',
  resource: 'collection',
  params,
  output: ok(z.strictObject({ bases: named })),
  example: { answer: { bases: [{ name: 'recipes' }] } },
})

export const listDrives = defineCall({
  method: 'GET',
  path: '/api/v0/collections/:id/drives',
  summary: 'List the Drives of a collection',
  auth: 'user',
  resource: 'collection',
  params,
  output: ok(z.strictObject({ drives: named })),
  example: { answer: { drives: [{ name: 'photos' }] } },
})

export const clearCollection = defineCall({
  method: 'DELETE',
  path: '/api/v0/collections/:id/data',
  summary: 'Delete the data of a collection',
  description: 'Deletes all Bases and Drives. The collection and its data keys stay. It cannot be undone.',
  auth: 'user',
  resource: 'collection',
  params,
  output: noContent,
})
