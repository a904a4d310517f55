import { z } from 'zod'
import { type Installation, listInstallations, requireInstallation } from '../../projects/index.ts'
import { followQuery, logResponse } from '../log-response.ts'
import { limitOf, page, paging } from '../paging.ts'
import { route } from '../route.ts'
import { isoTime } from '../../kernel/iso-time.ts'

export const installationRoutes = [
  route({
    method: 'GET',
    path: '/installations',
    auth: 'user',
    scopes: ['push', 'read'],
    query: paging.extend({ release_id: z.string().optional(), instance_id: z.string().optional() }),
    handler: async ({ db }, { caller, query }) => {
      const filter = { releaseId: query.release_id, instanceId: query.instance_id, limit: limitOf(query) }
      const installations = await listInstallations(db, caller.user.id, filter)
      return Response.json({
        installations: installations.map(installationAnswer),
        page: page(installations),
      })
    },
  }),
  route({
    method: 'GET',
    path: '/installations/:id',
    auth: 'user',
    scopes: ['push', 'read'],
    handler: async ({ db }, { caller, params }) =>
      Response.json(installationAnswer(await requireInstallation(db, caller.user.id, params.id))),
  }),
  route({
    method: 'GET',
    path: '/installations/:id/logs',
    auth: 'user',
    scopes: ['push', 'read'],
    query: followQuery,
    handler: async (deps, { caller, params, query }) => {
      const installation = await requireInstallation(deps.db, caller.user.id, params.id)
      return logResponse(deps, installation.id, { caller, query })
    },
  }),
]

const installationAnswer = (installation: Installation) => ({
  id: installation.id,
  app_id: installation.appId,
  release_id: installation.releaseId,
  instance_id: installation.instanceId,
  status: installation.status,
  failure: installation.failure,
  created_at: isoTime(installation.createdAtMs),
})
