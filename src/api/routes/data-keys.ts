import {
  type DataKeyLimits,
  createDataKey,
  deleteDataKey,
  ensureAppCollection,
  findAppCollection,
  listDataKeys,
} from '../../collections/index.ts'
import { type BodyOf, calls } from '../../contract/index.ts'
import { invalid } from '../../kernel/http-error.ts'
import { isoTime } from '../../kernel/iso-time.ts'
import { route } from '../route.ts'
import { dataKeyAnswer } from '../views/collection.ts'

export const dataKeyRoutes = [
  route(calls.listDataKeys, async ({ db }, { collection }) => ({
    keys: (await listDataKeys(db, collection.id)).map(dataKeyAnswer),
  })),
  route(calls.createDataKey, async ({ sync, now }, { collection, body }) => {
    const wanted = {
      collectionId: collection.id,
      kind: 'user',
      name: body.name,
      limits: limitsOf(body),
      nowMs: now(),
    } as const
    const { key, value } = await sync.commit((commit) => createDataKey(commit, wanted))
    return { ...dataKeyAnswer(key), value }
  }),
  route(calls.deleteDataKey, async ({ sync }, { dataKey }) => {
    await sync.commit((commit) => deleteDataKey(commit, dataKey))
  }),
  route(calls.rotateDataKey, ({ instances }, { instance }) => instances.rotateDataKey(instance)),
  route(calls.listProjectKeys, async ({ db }, { app }) => {
    const collectionId = await findAppCollection(db, app.id)
    const keys = collectionId ? await listDataKeys(db, collectionId) : []
    return {
      keys: keys
        .filter(({ kind }) => kind === 'project')
        .map(({ name, createdAtMs }) => ({ name, created_at: isoTime(createdAtMs) })),
    }
  }),
  route(calls.createProjectKey, async ({ sync, sealer, now }, { app, body: { name } }) => {
    const nowMs = now()
    const { key, value } = await sync.commit(async (commit) => {
      const wanted = { appId: app.id, ownerId: app.ownerId, name: app.name, nowMs }
      const collectionId = await ensureAppCollection(commit, sealer, wanted)
      return createDataKey(commit, { collectionId, kind: 'project', name, nowMs })
    })
    return { name: key.name, created_at: isoTime(key.createdAtMs), value }
  }),
  route(calls.deleteProjectKey, async ({ sync }, { dataKey }) => {
    await sync.commit((commit) => deleteDataKey(commit, dataKey))
  }),
]

/** Naming one kind only must not open all of the other. Throws 400 for a key that would open nothing. */
function limitsOf({ read_only, bases, drives }: BodyOf<typeof calls.createDataKey>): DataKeyLimits {
  const isLimited = bases != null || drives != null
  const limit = (names: string[] | null | undefined) =>
    names === undefined && isLimited ? [] : (names ?? null)
  const limits = { isReadOnly: read_only, bases: limit(bases), drives: limit(drives) }
  if (limits.bases?.length === 0 && limits.drives?.length === 0)
    throw invalid('The key would open nothing: name a Base or a Drive, or omit both lists')
  return limits
}
