import { z } from 'zod'
import {
  EXAMPLE_PAGE,
  EXAMPLE_TIME,
  failure,
  followQuery,
  operationStatus,
  page,
  paging,
  time,
} from './common.ts'
import { defineCall } from './define-call.ts'
import { ok, stream } from './output.ts'
import { OWN_LIST } from './resources.ts'

export const installation = z
  .strictObject({
    id: z.string(),
    app_id: z.string(),
    release_id: z.string(),
    instance_id: z.string().meta({ description: 'The instance exists as soon as its first revision runs.' }),
    status: operationStatus,
    failure,
    created_at: time,
  })
  .meta({
    id: 'Installation',
    description: 'How a release comes to an instance: the first time, or as an update.',
  })

const EXAMPLE_INSTALLATION = {
  id: 'ins_9q4x2k6mvb',
  app_id: 'app_3m9x2k7qvd',
  release_id: 'rel_2x7k4m9qvc',
  instance_id: 'inst_6k2x9m4qve',
  status: 'complete',
  failure: null,
  created_at: EXAMPLE_TIME,
} as const
const params = { id: 'Id of the installation.' } as const

export const listInstallations = defineCall({
  method: 'GET',
  path: '/api/v0/installations',
  summary: 'List installations',
  auth: 'user',
  scopes: ['push', 'read'],
  resource: OWN_LIST,
  query: paging.extend({ release_id: z.string().optional(), instance_id: z.string().optional() }),
  output: ok(z.strictObject({ installations: z.array(installation), page })),
  example: { answer: { installations: [EXAMPLE_INSTALLATION], page: EXAMPLE_PAGE } },
})

export const getInstallation = defineCall({
  method: 'GET',
  path: '/api/v0/installations/:id',
  summary: 'Read an installation',
  auth: 'user',
  scopes: ['push', 'read'],
  resource: 'installation',
  params,
  output: ok(installation),
  example: { answer: EXAMPLE_INSTALLATION },
})

export const readInstallationLog = defineCall({
  method: 'GET',
  path: '/api/v0/installations/:id/logs',
  summary: 'Read the log of an installation',
  auth: 'user',
  scopes: ['push', 'read'],
  resource: 'installation',
  params,
  query: followQuery,
  output: stream('text/plain', 'Lines of text.'),
})
