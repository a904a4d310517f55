import { z } from 'zod'
import { type Release, listReleases, requireRelease } from '../../projects/index.ts'
import { followQuery, logResponse } from '../log-response.ts'
import { limitOf, page, paging } from '../paging.ts'
import { route } from '../route.ts'
import { isoTime } from '../../kernel/iso-time.ts'

/** Promotion: how a revision becomes a release; both have one id (COMPAT 3.5). */
export const promotionRoutes = [
  route({
    method: 'GET',
    path: '/promotions',
    auth: 'user',
    scopes: ['push', 'read'],
    query: paging.extend({ revision_id: z.string().optional(), app_id: z.string().optional() }),
    handler: async ({ db }, { caller, query }) => {
      const filter = { buildId: query.revision_id, appId: query.app_id, limit: limitOf(query) }
      const releases = await listReleases(db, caller.user.id, filter)
      return Response.json({ promotions: releases.map(promotionAnswer), page: page(releases) })
    },
  }),
  route({
    method: 'GET',
    path: '/promotions/:id',
    auth: 'user',
    scopes: ['push', 'read'],
    handler: async ({ db }, { caller, params }) =>
      Response.json(promotionAnswer(await requireRelease(db, caller.user.id, params.id))),
  }),
  route({
    method: 'GET',
    path: '/promotions/:id/logs',
    auth: 'user',
    scopes: ['push', 'read'],
    query: followQuery,
    handler: async (deps, { caller, params, query }) => {
      const release = await requireRelease(deps.db, caller.user.id, params.id)
      return logResponse(deps, release.id, { caller, query })
    },
  }),
]

const promotionAnswer = (release: Release) => ({
  id: release.id,
  app_id: release.appId,
  revision_id: release.buildId,
  channel: release.channel,
  version: release.version,
  status: release.status,
  failure: release.failure,
  created_at: isoTime(release.createdAtMs),
})
