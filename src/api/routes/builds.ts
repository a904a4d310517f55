import { z } from 'zod'
import { type Build, createBuild, listBuilds, requireApp, requireBuild } from '../../projects/index.ts'
import { getBuildExposure } from '../../exposure/index.ts'
import { JSON_MAX_BYTES, bytes, file, json } from '../body-spec.ts'
import { followQuery, logResponse } from '../log-response.ts'
import { limitOf, page, paging } from '../paging.ts'
import { route } from '../route.ts'
import { isoTime } from '../../kernel/iso-time.ts'

/** Also a file name and part of a process's id, so: no slash, no leading dot. */
const tag = z.string().regex(/^[A-Za-z0-9][\w.-]{0,47}$/, 'takes up to 48 letters, digits, ".", "_" and "-"')

const newBuild = z.object({
  app_id: z.string(),
  tag: tag.or(z.literal('')).default(''),
  auto_pwa: z.boolean().default(true),
})

/** One push, call by call (COMPAT 3.5): build, then manifest and icon, then code, which starts it. */
export const buildRoutes = [
  route({
    method: 'POST',
    path: '/builds',
    auth: 'user',
    scopes: ['push'],
    perMinute: 60,
    body: json(newBuild),
    handler: async ({ db, pushes, now }, { caller, body }) => {
      const app = await requireApp(db, caller.user.id, body.app_id)
      await pushes.assertCapacity()
      await pushes.prune(app.id)
      const build = await createBuild(db, {
        appId: app.id,
        tag: body.tag,
        autoPwa: body.auto_pwa,
        nowMs: now(),
      })
      return Response.json({ id: build.id }, { status: 202 })
    },
  }),
  route({
    method: 'POST',
    path: '/builds/:id/manifest',
    auth: 'user',
    scopes: ['push'],
    body: bytes(JSON_MAX_BYTES),
    handler: async ({ db, pushes }, { caller, params, body }) => {
      const build = await requireBuild(db, caller.user.id, params.id)
      const exposure = await pushes.putManifest(build, body)
      return Response.json({ build_id: build.id, exposure })
    },
  }),
  route({
    method: 'POST',
    path: '/builds/:id/icon',
    auth: 'user',
    scopes: ['push'],
    body: bytes('iconBytes'),
    handler: async ({ db, pushes }, { caller, params, body }) => {
      const build = await requireBuild(db, caller.user.id, params.id)
      await pushes.putIcon(build, body)
      return Response.json({ build_id: build.id })
    },
  }),
  route({
    method: 'POST',
    path: '/builds/:id/code',
    auth: 'user',
    scopes: ['push'],
    atOnce: 8,
    body: file('archiveBytes'),
    handler: async ({ db, pushes }, { caller, params, body }) => {
      const build = await requireBuild(db, caller.user.id, params.id)
      await pushes.start(await requireApp(db, caller.user.id, build.appId), build, body.path)
      return Response.json({ build_id: build.id })
    },
  }),
  route({
    method: 'GET',
    path: '/builds',
    auth: 'user',
    scopes: ['push', 'read'],
    query: paging.extend({ app_id: z.string() }),
    handler: async ({ db }, { caller, query }) => {
      const app = await requireApp(db, caller.user.id, query.app_id)
      const builds = await listBuilds(db, app.id, limitOf(query))
      return Response.json({ builds: builds.map(buildAnswer), page: page(builds) })
    },
  }),
  route({
    method: 'GET',
    path: '/builds/:id',
    auth: 'user',
    scopes: ['push', 'read'],
    handler: async ({ db }, { caller, params }) => {
      const build = await requireBuild(db, caller.user.id, params.id)
      return Response.json({ ...buildAnswer(build), exposure: await getBuildExposure(db, build.id) })
    },
  }),
  route({
    method: 'GET',
    path: '/builds/:id/logs',
    auth: 'user',
    scopes: ['push', 'read'],
    query: followQuery,
    handler: async (deps, { caller, params, query }) => {
      const build = await requireBuild(deps.db, caller.user.id, params.id)
      return logResponse(deps, build.id, { caller, query })
    },
  }),
]

const buildAnswer = ({ id, appId, tag, status, failure, createdAtMs }: Build) => ({
  id,
  app_id: appId,
  tag,
  status,
  failure,
  created_at: isoTime(createdAtMs),
})
