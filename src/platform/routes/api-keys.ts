import { z } from 'zod'
import { type ApiKey, createApiKey, deleteApiKey, listApiKeys, requireInstance } from '../../apps/index.ts'
import { keyEntry } from '../../deploy/index.ts'
import { conflict } from '../../http-error.ts'
import { json } from '../body.ts'
import { route } from '../route.ts'
import { isoTime } from '../time.ts'

const newKey = z.object({ name: z.string().trim().min(1).max(64) })
const KEYS_MAX = 100

export const apiKeyRoutes = [
  route({
    method: 'GET',
    path: '/instances/:id/api_keys',
    auth: 'user',
    handler: async ({ db }, { caller, params }) => {
      const instance = await requireInstance(db, caller.user.id, params.id)
      return Response.json({ keys: (await listApiKeys(db, instance.id)).map(keyAnswer) })
    },
  }),
  route({
    method: 'POST',
    path: '/instances/:id/api_keys',
    auth: 'user',
    body: json(newKey),
    handler: async ({ db, directory, now }, { caller, params, body }) => {
      const instance = await requireInstance(db, caller.user.id, params.id)
      if ((await listApiKeys(db, instance.id)).length >= KEYS_MAX)
        throw conflict(`There are ${KEYS_MAX} keys already; delete one first`)
      const { key, value } = await createApiKey(db, {
        instanceId: instance.id,
        name: body.name,
        nowMs: now(),
      })
      await directory.publish([{ op: 'key.put', key: keyEntry(key) }])
      return Response.json({ ...keyAnswer(key), value }, { status: 201 })
    },
  }),
  route({
    method: 'DELETE',
    path: '/instances/:id/api_keys/:key',
    auth: 'user',
    handler: async ({ db, directory }, { caller, params }) => {
      const instance = await requireInstance(db, caller.user.id, params.id)
      const id = await deleteApiKey(db, instance.id, params.key)
      // Answered once every gateway refuses it.
      await directory.publish([{ op: 'key.delete', id }])
      return new Response(null, { status: 204 })
    },
  }),
]

const keyAnswer = ({ id, name, createdAtMs }: ApiKey) => ({ id, name, created_at: isoTime(createdAtMs) })
