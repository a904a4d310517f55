import { z } from 'zod'
import { json } from './body.ts'
import { EXAMPLE_COLLECTION, keepData, keptCollection } from './collections.ts'
import { EXAMPLE_PAGE, EXAMPLE_TIME, page, paging, time } from './common.ts'
import { defineCall } from './define-call.ts'
import { created, ok } from './output.ts'
import { OWN_ACCOUNT, OWN_LIST } from './resources.ts'

export const app = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    alias: z.string().meta({ description: 'The host names of all instances begin with the alias.' }),
  })
  .meta({ id: 'App' })

const appListing = app
  .extend({ status: z.literal('active'), created_at: time, updated_at: time })
  .meta({ id: 'AppListing', description: 'The shape that the official client reads (COMPAT 3.7).' })

const EXAMPLE_APP = { id: 'app_3m9x2k7qvd', name: 'Notes', alias: 'notes' } as const
const params = { id: 'Id of the app.' } as const

export const listApps = defineCall({
  method: 'GET',
  path: '/api/v0/apps',
  summary: 'List apps',
  auth: 'user',
  scopes: ['push', 'read'],
  resource: OWN_LIST,
  output: ok(z.strictObject({ apps: z.array(appListing) })),
  example: {
    answer: {
      apps: [{ ...EXAMPLE_APP, status: 'active', created_at: EXAMPLE_TIME, updated_at: EXAMPLE_TIME }],
    },
  },
})

export const createApp = defineCall({
  method: 'POST',
  path: '/api/v0/apps',
  summary: 'Create an app',
  auth: 'user',
  scopes: ['push'],
  resource: OWN_ACCOUNT,
  body: json(
    z.object({
      name: z.string().trim().min(1).max(64),
      alias: z
        .string()
        .trim()
        .max(64)
        .default('')
        .meta({ description: 'Derived from the name when omitted.' }),
    }),
  ),
  output: created(app),
  example: { body: { name: 'Notes' }, answer: EXAMPLE_APP },
})

export const getApp = defineCall({
  method: 'GET',
  path: '/api/v0/apps/:id',
  summary: 'Read an app',
  auth: 'user',
  scopes: ['push', 'read'],
  resource: 'app',
  params,
  output: ok(app),
  example: { answer: EXAMPLE_APP },
})

export const deleteApp = defineCall({
  method: 'DELETE',
  path: '/api/v0/apps/:id',
  summary: 'Delete an app',
  description: 'Deletes the app with its revisions, logs and project keys.',
  auth: 'user',
  resource: 'app',
  params,
  query: keepData,
  output: ok(keptCollection),
  errors: { conflict: 'The app has an instance, or a push is in progress.' },
  example: { query: { keep_data: 'true' }, answer: { kept_collection: EXAMPLE_COLLECTION } },
})

export const listRevisions = defineCall({
  method: 'GET',
  path: '/api/v0/apps/:id/revisions',
  summary: 'List the revisions of an app',
  description:
    'A revision is a completed build. The newest comes first. If the request has a body, as that of the original command does, an app without revisions is answered with 404.',
  auth: 'user',
  scopes: ['push', 'read'],
  resource: 'app',
  params,
  query: paging,
  output: ok(
    z.strictObject({
      revisions: z.array(z.strictObject({ id: z.string(), tag: z.string(), created_at: time })),
      page,
    }),
  ),
  example: {
    answer: {
      revisions: [{ id: 'bld_8k3x6m2qva', tag: 'dory-weyi', created_at: EXAMPLE_TIME }],
      page: EXAMPLE_PAGE,
    },
  },
})
