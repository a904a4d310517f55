import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { type CollectionId, type UserId, digestOf, newId } from '../kernel/ids.ts'
import { readAppDataKey } from './app-data-key.ts'
import {
  createCollection,
  deleteHeadlessCollection,
  ensureAppCollection,
  findAppCollection,
  getCollection,
  listCollections,
  releaseCollection,
  renameCollection,
  requireCollection,
} from './collections.ts'
import { createDataKey, listAllDataKeys, listDataKeys } from './data-keys.ts'
import { type TestCollections, openTestCollections } from './testing/test-collections.ts'

let my: TestCollections
beforeEach(async () => void (my = await openTestCollections()))
afterEach(() => my[Symbol.asyncDispose]())

const ofApp = (): Promise<CollectionId> => {
  const { sync, sealer, app } = my
  const wanted = { appId: app.id, ownerId: app.ownerId, name: app.name, nowMs: 2 }
  return sync.commit((commit) => ensureAppCollection(commit, sealer, wanted))
}
const headless = (name = 'Recipes') =>
  my.sync.commit((commit) => createCollection(commit, { ownerId: my.owner, name, nowMs: 3 }))
const key = (collectionId: CollectionId, kind: 'project' | 'user', name = 'mine') =>
  my.sync.commit((commit) => createDataKey(commit, { collectionId, kind, name, nowMs: 4 }))
const release = (id: CollectionId, keepsData: boolean) =>
  my.sync.commit((commit) => releaseCollection(commit, id, { keepsData }))

describe('the collection of an app', () => {
  test('is made once, with the key that its micros get', async () => {
    const id = await ofApp()
    expect(id).toMatch(/^[a-z0-9]{16}$/)
    expect(await ofApp()).toBe(id)
    const value = await readAppDataKey(my.db, my.sealer, id)
    expect(value).toMatch(new RegExp(`^${id}_[A-Za-z0-9]{43}$`))
    expect(my.published).toMatchObject([
      { op: 'dataKey.put', key: { digest: digestOf(value), collectionId: id, mayWrite: true } },
    ])
    expect(await findAppCollection(my.db, my.app.id)).toBe(id)
    expect(await listCollections(my.db, my.owner)).toMatchObject([
      { id, name: 'Notes', kind: 'app', appId: my.app.id },
    ])
  })

  test('cannot be deleted by itself', async () => {
    const id = await ofApp()
    const deleting = my.sync.commit((commit) => deleteHeadlessCollection(commit, id))
    await expect(deleting).rejects.toMatchObject({ status: 409 })
    expect(await listAllDataKeys(my.db)).toHaveLength(1)
  })

  test('is a headless one when its data is kept: only keys that a person made still open it', async () => {
    const id = await ofApp()
    const mine = await key(id, 'user')
    await key(id, 'project')
    await release(id, true)
    expect(await listDataKeys(my.db, id)).toEqual([mine.key])
    expect(await getCollection(my.db, id)).toMatchObject({ kind: 'headless', appId: null, name: 'Notes' })
    const ended = my.published.filter(({ op }) => op === 'dataKey.delete')
    expect(ended).toHaveLength(2)
    // A new push of the app begins with a new one.
    expect(await ofApp()).not.toBe(id)
  })

  test('is gone with all its keys when its data is deleted, and its files are to be erased', async () => {
    const id = await ofApp()
    await key(id, 'user')
    await release(id, false)
    expect(await getCollection(my.db, id)).toBeNull()
    expect(await listAllDataKeys(my.db)).toEqual([])
    expect(my.published.map(({ op }) => op).toSorted()).toEqual([
      'dataKey.delete',
      'dataKey.delete',
      'dataKey.put',
      'dataKey.put',
    ])
    expect(await my.db.selectFrom('collection_erasures').selectAll().execute()).toEqual([{ id }])
  })
})

describe('a headless collection', () => {
  test('is made, renamed and deleted by its owner', async () => {
    const { id } = await headless()
    await renameCollection(my.db, id, 'Cooking')
    expect(await requireCollection(my.db, my.owner, id)).toMatchObject({ name: 'Cooking', kind: 'headless' })
    await my.sync.commit((commit) => deleteHeadlessCollection(commit, id))
    await expect(requireCollection(my.db, my.owner, id)).rejects.toMatchObject({ status: 404 })
  })

  test('is not there for another person', async () => {
    const { id } = await headless()
    const stranger = newId<UserId>('usr')
    await expect(requireCollection(my.db, stranger, id)).rejects.toMatchObject({ status: 404 })
    expect(await listCollections(my.db, stranger)).toEqual([])
  })

  test('is deleted once', async () => {
    const { id } = await headless()
    const deletions = [1, 2].map(() => my.sync.commit((commit) => deleteHeadlessCollection(commit, id)))
    const results = await Promise.allSettled(deletions)
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })
})
