import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { type CollectionId, digestOf } from '../kernel/ids.ts'
import { createCollection, ensureAppCollection } from './collections.ts'
import { createDataKey, deleteDataKey, listAllDataKeys, listDataKeys, requireDataKey } from './data-keys.ts'
import { noteDataKeyUses } from './data-key-uses.ts'
import { type TestCollections, openTestCollections } from './testing/test-collections.ts'

let my: TestCollections
let id: CollectionId
beforeEach(async () => {
  my = await openTestCollections()
  id = await make('Recipes')
})
afterEach(() => my[Symbol.asyncDispose]())

const make = async (name: string) =>
  (await my.sync.commit((commit) => createCollection(commit, { ownerId: my.owner, name, nowMs: 1 }))).id
const create = (more: Partial<Parameters<typeof createDataKey>[1]> = {}) =>
  my.sync.commit((commit) =>
    createDataKey(commit, { collectionId: id, kind: 'user', name: 'mine', nowMs: 2, ...more }),
  )

describe('a data key', () => {
  test('is the id of its collection and a secret, of which a digest is stored', async () => {
    const { key, value } = await create()
    expect(value).toMatch(new RegExp(`^${id}_[A-Za-z0-9]{43}$`))
    expect(key.digest).toBe(digestOf(value))
    const rows = JSON.stringify(await my.db.selectFrom('data_keys').selectAll().execute())
    expect(rows).not.toContain(value.split('_')[1]!)
  })

  test('is published with its limits, and read back with them', async () => {
    const limits = { isReadOnly: true, bases: ['recipes'], drives: [] }
    const { key } = await create({ limits })
    expect(my.published).toEqual([
      {
        op: 'dataKey.put',
        key: {
          id: key.id,
          digest: key.digest,
          collectionId: id,
          mayWrite: false,
          bases: ['recipes'],
          drives: [],
          expiresAtMs: null,
          strangers: null,
        },
      },
    ])
    expect(await listAllDataKeys(my.db)).toEqual([key])
  })

  test('is deleted at once, and once', async () => {
    const { key } = await create()
    await my.sync.commit((commit) => deleteDataKey(commit, key))
    expect(my.published.at(-1)).toEqual({ op: 'dataKey.delete', id: key.id })
    const again = my.sync.commit((commit) => deleteDataKey(commit, key))
    await expect(again).rejects.toMatchObject({ status: 404 })
  })

  test('belongs to one collection', async () => {
    const { key } = await create()
    const other = await make('Photos')
    await expect(requireDataKey(my.db, other, key.id)).rejects.toMatchObject({ status: 404 })
    const elsewhere = my.sync.commit((commit) => deleteDataKey(commit, { ...key, collectionId: other }))
    await expect(elsewhere).rejects.toMatchObject({ status: 404 })
    expect(await listDataKeys(my.db, id)).toEqual([key])
  })

  test('of the app itself cannot be deleted', async () => {
    const wanted = { appId: my.app.id, ownerId: my.owner, name: 'Notes', nowMs: 1 }
    const ofApp = await my.sync.commit((commit) => ensureAppCollection(commit, my.sealer, wanted))
    const [key] = await listDataKeys(my.db, ofApp)
    const deleting = my.sync.commit((commit) => deleteDataKey(commit, key!))
    await expect(deleting).rejects.toMatchObject({ status: 409 })
  })
})

describe('project keys', () => {
  test('have different names, since clients delete them by name', async () => {
    await create({ kind: 'project', name: 'space cli' })
    await expect(create({ kind: 'project', name: 'space cli' })).rejects.toMatchObject({ status: 409 })
    await create({ kind: 'user', name: 'space cli' })
  })

  test('may be many: the original command makes one for each folder', async () => {
    for (let at = 0; at < 150; at++) await create({ kind: 'project', name: `space cli (${at})` })
    expect(await listDataKeys(my.db, id)).toHaveLength(150)
  })
})

test('the last use of a key is the latest that was reported', async () => {
  const { key } = await create()
  const lastUse = async () => (await requireDataKey(my.db, id, key.id)).lastUsedAtMs
  expect(await lastUse()).toBeNull()
  await noteDataKeyUses(my.db, [{ id: key.id, lastAtMs: 20 }])
  await noteDataKeyUses(my.db, [
    { id: key.id, lastAtMs: 10 },
    { id: 'dkey_gone', lastAtMs: 30 },
  ])
  expect(await lastUse()).toBe(20)
})
