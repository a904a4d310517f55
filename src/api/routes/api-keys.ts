import { z } from 'zod'
import {
  type ApiKey,
  createApiKey,
  deleteApiKey,
  listApiKeys,
  rotateApiKey,
  keyScopeInput,
  readKeyScope,
} from '../../keys/index.ts'
import { type Use, usesOf } from '../../exposure/index.ts'
import { requireInstance } from '../../instances/index.ts'
import { json } from '../body-spec.ts'
import { route } from '../route.ts'
import { isoTime } from '../../kernel/iso-time.ts'

const newKey = keyScopeInput.extend({ name: z.string().trim().min(1).max(64) })

const DAY_SECONDS = 24 * 60 * 60
const rotation = z.object({
  overlap_seconds: z
    .int()
    .min(0)
    .max(30 * DAY_SECONDS)
    .default(DAY_SECONDS),
})

export const apiKeyRoutes = [
  route({
    method: 'GET',
    path: '/instances/:id/api_keys',
    auth: 'user',
    handler: async ({ db }, { caller, params }) => {
      const instance = await requireInstance(db, caller.user.id, params.id)
      const uses = await usesOf(db, instance.id, 'key')
      const keys = await listApiKeys(db, instance.id)
      return Response.json({ keys: keys.map((key) => keyAnswer(key, uses.get(key.id))) })
    },
  }),
  route({
    method: 'POST',
    path: '/instances/:id/api_keys',
    auth: 'user',
    body: json(newKey),
    handler: async ({ db, sync, now }, { caller, params, body }) => {
      const instance = await requireInstance(db, caller.user.id, params.id)
      const wanted = {
        instanceId: instance.id,
        name: body.name,
        scope: readKeyScope(body, instance, now()),
        nowMs: now(),
      }
      const { key, value } = await sync.commit((commit) => createApiKey(commit, wanted))
      return Response.json({ ...keyAnswer(key), value }, { status: 201 })
    },
  }),
  route({
    method: 'POST',
    path: '/instances/:id/api_keys/:key/rotate',
    auth: 'user',
    body: json(rotation),
    handler: async ({ db, sync, now }, { caller, params, body }) => {
      const instance = await requireInstance(db, caller.user.id, params.id)
      const rotation = {
        instanceId: instance.id,
        id: params.key,
        overlapMs: body.overlap_seconds * 1_000,
        nowMs: now(),
      }
      const { key, value } = await sync.commit((commit) => rotateApiKey(commit, rotation))
      return Response.json({ ...keyAnswer(key), value }, { status: 201 })
    },
  }),
  route({
    method: 'DELETE',
    path: '/instances/:id/api_keys/:key',
    auth: 'user',
    handler: async ({ db, sync }, { caller, params }) => {
      const instance = await requireInstance(db, caller.user.id, params.id)
      await sync.commit((commit) => deleteApiKey(commit, instance.id, params.key))
      return new Response(null, { status: 204 })
    },
  }),
  route({
    method: 'POST',
    path: '/instances/:id/internal_key/rotate',
    auth: 'user',
    handler: async ({ db, instances }, { caller, params }) => {
      await instances.rotateInternalKey(await requireInstance(db, caller.user.id, params.id))
      return new Response(null, { status: 204 })
    },
  }),
]

const keyAnswer = (key: ApiKey, use?: Use) => ({
  id: key.id,
  name: key.name,
  created_at: isoTime(key.createdAtMs),
  micros: key.micros,
  methods: key.methods,
  paths: key.paths,
  per_minute: key.perMinute,
  origins: key.origins,
  expires_at: key.expiresAtMs === null ? null : isoTime(key.expiresAtMs),
  last_used_at: use ? isoTime(use.lastAtMs) : null,
  uses: use?.count ?? 0,
})
