import { calls } from '../../contract/index.ts'
import {
  type ApiKey,
  createApiKey,
  deleteApiKey,
  listApiKeys,
  readKeyScope,
  rotateApiKey,
} from '../../keys/index.ts'
import { type Use, usesOf } from '../../exposure/index.ts'
import { route } from '../route.ts'
import { isoTime } from '../../kernel/iso-time.ts'

export const apiKeyRoutes = [
  route(calls.listApiKeys, async ({ db }, { instance }) => {
    const uses = await usesOf(db, instance.id, 'key')
    const keys = await listApiKeys(db, instance.id)
    return { keys: keys.map((key) => keyAnswer(key, uses.get(key.id))) }
  }),
  route(calls.createApiKey, async ({ sync, now }, { instance, body }) => {
    const wanted = {
      instanceId: instance.id,
      name: body.name,
      scope: readKeyScope(body, instance, now()),
      nowMs: now(),
    }
    const { key, value } = await sync.commit((commit) => createApiKey(commit, wanted))
    return { ...keyAnswer(key), value }
  }),
  route(calls.rotateApiKey, async ({ sync, now }, { instance, key: old, body }) => {
    const rotation = {
      instanceId: instance.id,
      id: old.id,
      overlapMs: body.overlap_seconds * 1_000,
      nowMs: now(),
    }
    const { key, value } = await sync.commit((commit) => rotateApiKey(commit, rotation))
    return { ...keyAnswer(key), value }
  }),
  route(calls.deleteApiKey, async ({ sync }, { instance, key }) => {
    await sync.commit((commit) => deleteApiKey(commit, instance.id, key.id))
  }),
  route(calls.rotateInternalKey, ({ instances }, { instance }) => instances.rotateInternalKey(instance)),
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
