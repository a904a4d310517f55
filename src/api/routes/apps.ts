import { calls } from '../../contract/index.ts'
import { type App, type Build, createApp, listApps, listRevisions } from '../../projects/index.ts'
import { notFound } from '../../kernel/http-error.ts'
import { gatewayBody } from '../gateway-headers.ts'
import { limitOf, page } from '../paging.ts'
import { route } from '../route.ts'
import { keptAnswer } from '../views/collection.ts'
import { isoTime } from '../../kernel/iso-time.ts'

export const appRoutes = [
  route(calls.listApps, async ({ db }, { caller }) => ({
    apps: (await listApps(db, caller.user.id)).map(appListing),
  })),
  route(calls.createApp, async ({ db, now }, { caller, body }) =>
    appAnswer(await createApp(db, { ownerId: caller.user.id, ...body, nowMs: now() })),
  ),
  route(calls.getApp, async (_, { app }) => appAnswer(app)),
  route(calls.deleteApp, async ({ pushes }, { app, query }) =>
    keptAnswer(await pushes.removeApp(app, { keepsData: query.keep_data })),
  ),
  route(calls.listRevisions, async ({ db }, { app, query, request }) => {
    const revisions = await listRevisions(db, app.id, limitOf(query))
    // The original command crashes on an empty list. Only that client sends a body with this GET (COMPAT 3.4).
    if (revisions.length === 0 && gatewayBody(request) !== null)
      throw notFound('There is no revision yet: run space push first')
    return { revisions: revisions.map(revisionAnswer), page: page(revisions) }
  }),
]

const appAnswer = ({ id, name, alias }: App) => ({ id, name, alias })

const appListing = (app: App) => ({
  ...appAnswer(app),
  status: 'active' as const,
  created_at: isoTime(app.createdAtMs),
  updated_at: isoTime(app.createdAtMs),
})

const revisionAnswer = ({ id, tag, createdAtMs }: Build) => ({ id, tag, created_at: isoTime(createdAtMs) })
