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

/** How a revision becomes a release; both have one id (COMPAT 3.5). */
export const promotion = z
  .strictObject({
    id: z.string(),
    app_id: z.string(),
    revision_id: z.string(),
    channel: z.enum(['development', 'experimental']),
    version: z.string(),
    status: operationStatus,
    failure,
    created_at: time,
  })
  .meta({ id: 'Promotion', description: 'How a revision becomes a release; both have one id.' })

const EXAMPLE_PROMOTION = {
  id: 'rel_2x7k4m9qvc',
  app_id: 'app_3m9x2k7qvd',
  revision_id: 'bld_8k3x6m2qva',
  channel: 'development',
  version: '0.0.1',
  status: 'complete',
  failure: null,
  created_at: EXAMPLE_TIME,
} as const
const params = { id: 'Id of the promotion, which is also that of the release.' } as const

export const listPromotions = defineCall({
  method: 'GET',
  path: '/api/v0/promotions',
  summary: 'List promotions',
  auth: 'user',
  scopes: ['push', 'read'],
  resource: OWN_LIST,
  query: paging.extend({ revision_id: z.string().optional(), app_id: z.string().optional() }),
  output: ok(z.strictObject({ promotions: z.array(promotion), page })),
  example: { answer: { promotions: [EXAMPLE_PROMOTION], page: EXAMPLE_PAGE } },
})

export const getPromotion = defineCall({
  method: 'GET',
  path: '/api/v0/promotions/:id',
  summary: 'Read a promotion',
  auth: 'user',
  scopes: ['push', 'read'],
  resource: 'release',
  params,
  output: ok(promotion),
  example: { answer: EXAMPLE_PROMOTION },
})

export const readPromotionLog = defineCall({
  method: 'GET',
  path: '/api/v0/promotions/:id/logs',
  summary: 'Read the log of a promotion',
  auth: 'user',
  scopes: ['push', 'read'],
  resource: 'release',
  params,
  query: followQuery,
  output: stream('text/plain', 'Lines of text.'),
})
