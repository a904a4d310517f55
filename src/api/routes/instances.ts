import { z } from 'zod'
import {
  type EnvValue,
  type Instance,
  listEnvValues,
  listInstances,
  requireInstance,
  setEnvValues,
} from '../../instances/index.ts'
import { notFound } from '../../kernel/http-error.ts'
import { json } from '../body-spec.ts'
import { instanceAnswer } from '../views/instance.ts'
import { type Caller, route } from '../route.ts'
import { isoTime } from '../../kernel/iso-time.ts'

const filter = z.object({
  app_id: z.string().optional(),
  channel: z.string().optional(),
  alias: z.string().optional(),
})

/** The shape that clients read, with new values; everything but names and values is ignored (COMPAT 3.7). */
const settings = z.object({
  micros: z.array(
    z.object({
      name: z.string(),
      presets: z.object({
        env: z.array(z.object({ name: z.string(), value: z.string().max(65_536) })).max(200),
      }),
    }),
  ),
})

/** Values of settings are secrets of other services: not for a token that was limited on purpose. */
const mayReadValues = (caller: Caller) => caller.kind === 'session' || caller.scope === 'all'
const hidden = (values: readonly EnvValue[]) => values.map((one) => ({ ...one, value: '' }))

export const instanceRoutes = [
  route({
    method: 'GET',
    path: '/instances',
    auth: 'user',
    scopes: ['push', 'read'],
    query: filter,
    handler: async (deps, { caller, query }) => {
      const { app_id, channel, alias } = query
      const instances = await listInstances(deps.db, caller.user.id, { appId: app_id, channel, alias })
      return Response.json({ instances: instances.map((instance) => instanceAnswer(deps, instance)) })
    },
  }),
  route({
    method: 'GET',
    path: '/instances/:id',
    auth: 'user',
    scopes: ['push', 'read'],
    handler: async (deps, { caller, params }) => {
      const instance = await requireInstance(deps.db, caller.user.id, params.id)
      const values = await listEnvValues(deps.db, deps.sealer, instance.id)
      return Response.json(instanceAnswer(deps, instance, mayReadValues(caller) ? values : hidden(values)))
    },
  }),
  route({
    method: 'PATCH',
    path: '/instances/:id',
    auth: 'user',
    body: json(settings),
    handler: async (deps, { caller, params, body }) => {
      const instance = await requireInstance(deps.db, caller.user.id, params.id)
      await setEnvValues(deps.db, deps.sealer, instance.id, declaredValues(instance, body))
      await deps.instances.restart(instance)
      const values = await listEnvValues(deps.db, deps.sealer, instance.id)
      return Response.json(instanceAnswer(deps, instance, values))
    },
  }),
  route({
    method: 'DELETE',
    path: '/instances/:id',
    auth: 'user',
    handler: async ({ db, instances }, { caller, params }) => {
      await instances.remove(await requireInstance(db, caller.user.id, params.id))
      return new Response(null, { status: 204 })
    },
  }),
  route({
    method: 'GET',
    path: '/instances/:id/icon',
    auth: 'user',
    handler: async ({ db, instances }, { caller, params }) => {
      const instance = await requireInstance(db, caller.user.id, params.id)
      const icon = instances.iconOf(instance)
      if (instance.iconType === null || !(await icon.exists())) throw notFound('This app has no icon')
      // An upload of the developer's: whatever it is, it may not act as a page.
      const headers = {
        'Content-Type': instance.iconType,
        'Content-Security-Policy': "default-src 'none'; sandbox",
      }
      return new Response(await icon.arrayBuffer(), { headers })
    },
  }),
  route({
    method: 'GET',
    path: '/instances/:id/logs',
    auth: 'user',
    query: z.object({
      micro: z.string().optional(),
      limit: z.coerce.number().int().min(1).max(1000).default(100),
    }),
    handler: async ({ db, readMicroLog }, { caller, params, query }) => {
      const instance = await requireInstance(db, caller.user.id, params.id)
      const { micro } = query
      if (micro !== undefined && !instance.micros.some(({ name }) => name === micro))
        throw notFound('There is no such micro')
      const lines = await readMicroLog(instance.id, { micro, limit: query.limit })
      return Response.json({
        logs: lines.map(({ micro: writer, stream, timestampMs, text }) => ({
          micro_name: writer,
          event_type: stream,
          timestamp: isoTime(timestampMs),
          msg: text,
        })),
      })
    },
  }),
]

/** Values of settings that the serving revision declares; any other name is passed over (COMPAT 3.2). */
function declaredValues(instance: Instance, body: z.infer<typeof settings>): EnvValue[] {
  return body.micros.flatMap(({ name: micro, presets }) => {
    const declared = instance.micros.find(({ name }) => name === micro)?.env ?? []
    return presets.env
      .filter(({ name }) => declared.some((preset) => preset.name === name))
      .map(({ name, value }) => ({ micro, name, value }))
  })
}
