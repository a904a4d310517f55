import { createCollection, listCollections, renameCollection } from '../../collections/index.ts'
import { calls } from '../../contract/index.ts'
import { apiLimits } from '../api-limits.ts'
import { route } from '../route.ts'
import { collectionAnswer } from '../views/collection.ts'

const named = (names: readonly string[]) => names.map((name) => ({ name }))

export const collectionRoutes = [
  route(calls.listCollections, async ({ db }, { caller }) => ({
    collections: (await listCollections(db, caller.user.id)).map(collectionAnswer),
  })),
  route(calls.createCollection, async ({ sync, now }, { caller, body }) => {
    const wanted = { ownerId: caller.user.id, name: body.name, nowMs: now() }
    return collectionAnswer(await sync.commit((commit) => createCollection(commit, wanted)))
  }),
  route(calls.getCollection, async (deps, { collection }) => ({
    ...collectionAnswer(collection),
    bytes: await deps.collections.files.size(collection.id),
    limit_bytes: apiLimits(deps).collectionBytes,
  })),
  route(calls.renameCollection, async ({ db }, { collection, body: { name } }) => {
    await renameCollection(db, collection.id, name)
    return collectionAnswer({ ...collection, name })
  }),
  route(calls.deleteCollection, ({ collections }, { collection }) => collections.remove(collection)),
  route(calls.clearCollection, ({ collections }, { collection }) => collections.files.erase(collection.id)),
  route(calls.listBases, async ({ collections }, { collection }) => ({
    bases: named((await collections.files.names(collection.id)).bases),
  })),
  route(calls.listDrives, async ({ collections }, { collection }) => ({
    drives: named((await collections.files.names(collection.id)).drives),
  })),
]
