import { z } from 'zod'
import { type App, type Build, createApp, listApps, listRevisions, requireApp } from '../../projects/index.ts'
import { notFound } from '../../kernel/http-error.ts'
import { json } from '../body-spec.ts'
import { gatewayBody } from '../gateway-headers.ts'
import { limitOf, page, paging } from '../paging.ts'
import { route } from '../route.ts'
import { isoTime } from '../../kernel/iso-time.ts'

const newApp = z.object({
  name: z.string().trim().min(1).max(64),
  alias: z.string().trim().max(64).default(''),
})

export const appRoutes = [
  route({
    method: 'GET',
    path: '/apps',
    auth: 'user',
    scopes: ['push', 'read'],
    handler: async ({ db }, { caller }) =>
      Response.json({ apps: (await listApps(db, caller.user.id)).map(appListing) }),
  }),
  route({
    method: 'POST',
    path: '/apps',
    auth: 'user',
    scopes: ['push'],
    body: json(newApp),
    handler: async ({ db, now }, { caller, body }) => {
      const app = await createApp(db, { ownerId: caller.user.id, ...body, nowMs: now() })
      return Response.json(appAnswer(app), { status: 201 })
    },
  }),
  route({
    method: 'GET',
    path: '/apps/:id',
    auth: 'user',
    scopes: ['push', 'read'],
    handler: async ({ db }, { caller, params }) =>
      Response.json(appAnswer(await requireApp(db, caller.user.id, params.id))),
  }),
  route({
    method: 'DELETE',
    path: '/apps/:id',
    auth: 'user',
    handler: async ({ db, pushes }, { caller, params }) => {
      await pushes.removeApp(await requireApp(db, caller.user.id, params.id))
      return new Response(null, { status: 204 })
    },
  }),
  route({
    method: 'GET',
    path: '/apps/:id/revisions',
    auth: 'user',
    scopes: ['push', 'read'],
    query: paging,
    handler: async ({ db }, { caller, params, query, request }) => {
      const app = await requireApp(db, caller.user.id, params.id)
      const revisions = await listRevisions(db, app.id, limitOf(query))
      // The original command crashes on an empty list. It sends a body with this GET (COMPAT 3.4), and nobody else does.
      if (revisions.length === 0 && gatewayBody(request) !== null)
        throw notFound('There is no revision yet: run space push first')
      return Response.json({ revisions: revisions.map(revisionAnswer), page: page(revisions) })
    },
  }),
]

const appAnswer = ({ id, name, alias }: App) => ({ id, name, alias })

const appListing = (app: App) => ({
  ...appAnswer(app),
  status: 'active',
  created_at: isoTime(app.createdAtMs),
  updated_at: isoTime(app.createdAtMs),
})

const revisionAnswer = ({ id, tag, createdAtMs }: Build) => ({ id, tag, created_at: isoTime(createdAtMs) })
