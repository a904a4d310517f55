import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CollectionId, digestOf } from '../kernel/ids.ts'
import { CollectionService } from './collection-service.ts'
import { createCollection, getCollection } from './collections.ts'
import { until } from '../kernel/testing/until.ts'
import { silentLogger } from '../kernel/log.ts'
import { createDataKey } from './data-keys.ts'
import { listErasures, listFolderNames } from './erasures.ts'
import { createLocalCollectionFiles } from './local-collection-files.ts'
import { type TestCollections, openTestCollections } from './testing/test-collections.ts'

let my: TestCollections
beforeEach(async () => void (my = await openTestCollections()))
afterEach(() => my[Symbol.asyncDispose]())

const make = (bytes: number) =>
  my.sync
    .commit((commit) => createCollection(commit, { ownerId: my.owner, name: 'Recipes', nowMs: 1 }))
    .then((collection) => (my.files.sizes.set(collection.id, bytes), collection))

describe('a deleted collection', () => {
  test('has no files', async () => {
    const collection = await make(10)
    await my.service.remove(collection)
    expect([my.files.sizes.size, await listErasures(my.db)]).toEqual([0, []])
  })

  test('is gone for its owner when its files cannot be erased, which is tried again', async () => {
    const collection = await make(10)
    my.files.fails = true
    await my.service.remove(collection)
    expect(await getCollection(my.db, collection.id)).toBeNull()
    // At a start, its folder is known, and so it is not moved aside.
    expect([...(await listFolderNames(my.db))]).toEqual([collection.id])
    my.files.fails = false
    await my.service.eraseRecorded()
    expect([my.files.sizes.size, await listErasures(my.db)]).toEqual([0, []])
  })
})

test('a caller does not wait for files that take long to erase, which are erased once', async () => {
  const collection = await make(10)
  const gate = Promise.withResolvers<void>()
  my.files.gate = gate.promise
  await my.service.remove(collection)
  await my.service.eraseRecorded()
  expect([my.files.sizes.size, await listErasures(my.db)]).toEqual([1, [collection.id]])
  gate.resolve()
  await until('the files are erased', async () => (await listErasures(my.db)).length === 0)
  expect(my.files.sizes.size).toBe(0)
})

describe('the data of a deleted app that is to be kept', () => {
  test('is kept', async () => {
    const collection = await make(10)
    expect(await my.service.settle(collection.id)).toEqual(collection)
  })

  test('leaves no collection when there is none', async () => {
    const { id } = await make(0)
    expect(await my.service.settle(id)).toBeNull()
    expect(await getCollection(my.db, id)).toBeNull()
  })

  test('is kept when there is none yet, but a person has a key for it', async () => {
    const { id: collectionId } = await make(0)
    await my.sync.commit((commit) =>
      createDataKey(commit, { collectionId, kind: 'user', name: 'mine', nowMs: 1 }),
    )
    expect(await my.service.settle(collectionId)).not.toBeNull()
  })

  test('is kept when it has a Base, however little that takes up', async () => {
    const { id } = await make(0)
    my.files.bases = ['recipes']
    expect(await my.service.settle(id)).not.toBeNull()
  })

  test('is kept when its size is not known', async () => {
    const { id } = await make(0)
    my.files.fails = true
    expect(await my.service.settle(id)).not.toBeNull()
  })
})

describe('the throw-away collection of a build', () => {
  test('opens to its key until it ends, and leaves nothing', async () => {
    const collection = await my.service.openThrowaway()
    const [id] = await listErasures(my.db)
    expect(collection.dataKey).toMatch(new RegExp(`^${id}_[A-Za-z0-9]{43}$`))
    expect(my.published).toMatchObject([
      { op: 'dataKey.put', key: { digest: digestOf(collection.dataKey), collectionId: id } },
    ])
    my.files.sizes.set(id!, 10)
    await my.service.eraseRecorded()
    // It is in use.
    expect(my.files.sizes.size).toBe(1)
    await collection[Symbol.asyncDispose]()
    expect(my.published.map(({ op }) => op)).toEqual(['dataKey.put', 'dataKey.delete'])
    expect([my.files.sizes.size, await listErasures(my.db)]).toEqual([0, []])
  })

  test('is erased after a crash', async () => {
    await my.service.openThrowaway()
    const [id] = await listErasures(my.db)
    my.files.sizes.set(id!, 10)
    await using next = new CollectionService({ ...my, log: silentLogger })
    await next.eraseRecorded()
    expect(my.files.sizes.size).toBe(0)
  })
})

describe('local files', () => {
  let dir: string
  beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'ownspace-collections-'))))
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  test('are erased, measured, and may be missing', async () => {
    const files = createLocalCollectionFiles(dir)
    const id = 'k4x8' as CollectionId
    expect(await files.size(id)).toBe(0)
    await files.erase(id)
    mkdirSync(join(dir, id))
    writeFileSync(join(dir, id, 'base.db'), 'data')
    expect(await files.size(id)).toBeGreaterThan(0)
    await files.erase(id)
    expect(existsSync(join(dir, id))).toBe(false)
  })

  test.each(['', '..', '.', 'a/b', 'a\0', 'A', 'a_b'])(
    'are never those of another folder: %j',
    async (id) => {
      writeFileSync(join(dir, 'kept'), 'data')
      await expect(createLocalCollectionFiles(dir).erase(id as CollectionId)).rejects.toThrow()
      expect(existsSync(join(dir, 'kept'))).toBe(true)
    },
  )
})
