import { z } from 'zod'
import { type Override, diagnoseRoutes, surfaceOf } from '../../access/index.ts'
import { type Instance, getInstance, requireInstance, findByHost } from '../../instances/index.ts'
import { invalid, notFound } from '../../kernel/http-error.ts'
import type { InstanceId } from '../../kernel/ids.ts'
import { json } from '../body-spec.ts'
import type { ApiContext } from '../api-context.ts'
import { type Asked, explanationAnswer, surfaceAnswer } from '../../exposure/index.ts'
import { type Caller, route } from '../route.ts'

const OVERRIDES_MAX = 200

const overrides = z.object({
  overrides: z
    .array(
      z.object({
        micro: z.string().max(200),
        kind: z.enum(['close', 'private']),
        pattern: z.string().trim().max(512),
      }),
    )
    .max(OVERRIDES_MAX),
})

const question = z.object({
  method: z
    .string()
    .regex(/^[A-Za-z]{1,20}$/, 'takes a method such as GET')
    .transform((method) => method.toUpperCase()),
  url: z.string().max(16_384),
})

/** What is open, to whom, since when; and why a request is judged as it is. */
export const accessRoutes = [
  route({
    method: 'GET',
    path: '/instances/:id/access',
    auth: 'user',
    handler: async ({ db, now }, { caller, params }) => {
      const instance = await requireInstance(db, caller.user.id, params.id)
      return Response.json(await surfaceAnswer(db, instance, now()))
    },
  }),
  route({
    method: 'PUT',
    path: '/instances/:id/access/overrides',
    auth: 'user',
    body: json(overrides),
    handler: async ({ db, instances, now }, { caller, params, body }) => {
      const instance = await requireInstance(db, caller.user.id, params.id)
      for (const override of body.overrides) requireMeaning(instance, override)
      await instances.setOverrides(instance, body.overrides)
      const narrowed = await requireInstance(db, caller.user.id, params.id)
      return Response.json(await surfaceAnswer(db, narrowed, now()))
    },
  }),
  route({
    method: 'POST',
    path: '/access/explain',
    auth: 'user',
    scopes: ['read'],
    body: json(question),
    handler: async (deps, { caller, body }) => {
      const asked = readUrl(body)
      const instance = await instanceAt(deps, caller, asked.origin)
      return Response.json(explanationAnswer(instance, asked))
    },
  }),
  route({
    method: 'GET',
    path: '/refusals/:id',
    auth: 'user',
    perMinute: 120,
    handler: async ({ db, directory }, { caller, params }) => {
      const refusal = await directory.findRefusal(params.id)
      if (!refusal) throw noRefusal()
      const instance = await getInstance(db, refusal.instanceId as InstanceId)
      if (instance?.ownerId !== caller.user.id) throw noRefusal()
      const { method, origin, path } = refusal
      return Response.json(explanationAnswer(instance, { method, origin, target: path, refusal }))
    },
  }),
]

/** Nothing tells whether there was one on somebody else's app. */
const noRefusal = () => notFound('No gateway remembers such a refusal')

/** Throws 400 for what would change nothing, unless it was said before: an update may have taken its micro away. */
function requireMeaning({ micros, overrides: known }: Instance, override: Override): void {
  const { micro, kind, pattern } = override
  if (known.some((one) => one.micro === micro && one.kind === kind && one.pattern === pattern)) return
  if (!micros.some(({ name }) => name === micro))
    throw invalid(`There is no micro ${micro}; there is ${micros.map(({ name }) => name).join(', ')}`)
  const [error] = diagnoseRoutes([pattern]).filter(({ severity }) => severity === 'error')
  if (error) throw invalid(`${pattern}: ${error.message}; ${error.hint}`)
  const isRule = surfaceOf(micros).routes.some((route) => route.micro === micro && route.pattern === pattern)
  if (kind === 'close' && !isRule) throw invalid(`Micro ${micro} has no public route ${pattern}`)
}

/** Never parsed as a URL: its spelling may be the question. What no request line can hold is sent as browsers do. */
function readUrl({ method, url }: z.infer<typeof question>): Asked {
  const [, origin = '', rest = ''] = /^(https?:\/\/[^/?#]+)([^#]*)/i.exec(url) ?? []
  if (origin === '') throw invalid('The address begins with http:// or https:// and the host of an app')
  const target = rest.toWellFormed().replace(/[^\x21-\x7e]/gu, (char) => encodeURIComponent(char))
  return { method, origin, target: target.startsWith('/') ? target : `/${target}` }
}

/** Throws 404, also for the app of somebody else. */
async function instanceAt(deps: ApiContext, caller: Caller, origin: string): Promise<Instance> {
  const place = await findByHost(deps, caller.user.id, origin.replace(/^https?:\/\//i, ''))
  if (!place) throw notFound('You have no app at this address')
  return place.instance
}
