import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { listCollections } from '../collections/index.ts'
import { listInstances } from '../instances/index.ts'
import { ManualRunner } from '../instances/testing/manual-runner.ts'
import { digestOf } from '../kernel/ids.ts'
import { type TestSpace, openTestSpace } from './testing/test-services.ts'

let space: TestSpace
beforeEach(async () => {
  space = await openTestSpace()
})
afterEach(() => space[Symbol.asyncDispose]())

const pushAndWait = async (tag: string) => {
  const build = await space.push(tag)
  return { pushed: build, ...(await space.outcome(build)) }
}
const instance = async () => (await listInstances(space.db, space.owner))[0]!
const lastInstance = () => space.published.findLast((change) => change.op === 'instance.put')!.instance

describe('the data of an app', () => {
  const dataKey = () =>
    space.runner.specs.find(({ process }) => process.micro === 'web')!.env.DETA_PROJECT_KEY!

  test('is opened by the key of its micros, which is published before they start', async () => {
    const ready = space.runner.onStart
    const before: string[] = []
    space.runner.onStart = async (spec) => {
      before.push(...space.published.flatMap((one) => (one.op === 'dataKey.put' ? [one.key.digest] : [])))
      return ready(spec)
    }
    await pushAndWait('one')
    expect(before).toContain(digestOf(dataKey()))
    expect(dataKey().split('_')[0]).toBe((await instance()).collectionId)
    expect(lastInstance()).toMatchObject({ collectionId: (await instance()).collectionId })
  })

  test('is not opened by the key that its builds get, which ends with the build', async () => {
    const seen: string[] = []
    const { build: finish } = space
    space.build = async (input) => (seen.push(input.env!.DETA_PROJECT_KEY!), finish(input))
    await pushAndWait('one')
    await pushAndWait('two')
    const [one, two] = seen.map((value) => value.split('_')[0]!)
    const { collectionId } = await instance()
    expect(new Set([one, two, String(collectionId)]).size).toBe(3)
    const ended = space.published.filter(({ op }) => op === 'dataKey.delete')
    expect(ended).toHaveLength(2)
    expect(await space.db.selectFrom('collection_erasures').selectAll().execute()).toEqual([])
  })

  test('is opened by a new key when it is rotated, and the old one is refused', async () => {
    await pushAndWait('one')
    const found = await instance()
    const old = dataKey()
    await space.instances.rotateDataKey(found)
    const changes = space.published.filter(({ op }) => op.startsWith('dataKey.')).slice(-2)
    expect(changes.map(({ op }) => op)).toEqual(['dataKey.delete', 'dataKey.put'])
    await space.wake(found.id, 'web')
    const fresh = space.runner.specs.at(-1)!.env.DETA_PROJECT_KEY!
    expect(fresh).not.toBe(old)
    expect(changes[1]).toMatchObject({ key: { digest: digestOf(fresh), collectionId: found.collectionId } })
  })

  test('is the same over its pushes, and also when the first one failed', async () => {
    space.runner.onStart = async () => ({ kind: 'failed', reason: 'crashed', message: 'x', logTail: '' })
    await pushAndWait('bad')
    const [first] = await listCollections(space.db, space.owner)
    space.runner.onStart = new ManualRunner().onStart
    await pushAndWait('good')
    expect(await instance()).toMatchObject({ collectionId: first!.id })
    expect(await listCollections(space.db, space.owner)).toHaveLength(1)
  })

  test('is kept as a collection of no app, and a later push begins with an empty one', async () => {
    await pushAndWait('one')
    const found = await instance()
    writeData(found.collectionId)
    const kept = await space.instances.remove(found, { keepsData: true })
    expect(kept).toMatchObject({ id: found.collectionId, kind: 'headless', name: 'notes' })
    expect(readdirSync(space.folders.collections)).toEqual([found.collectionId])
    await pushAndWait('two')
    expect((await instance()).collectionId).not.toBe(found.collectionId)
  })

  test('is erased when that is wanted, and when there is none', async () => {
    await pushAndWait('one')
    const found = await instance()
    writeData(found.collectionId)
    expect(await space.instances.remove(found, { keepsData: false })).toBeNull()
    expect(readdirSync(space.folders.collections)).toEqual([])
    await pushAndWait('two')
    expect(await space.instances.remove(await instance(), { keepsData: true })).toBeNull()
    expect(await listCollections(space.db, space.owner)).toEqual([])
  })

  test('of an app whose first push failed ends with the app', async () => {
    space.runner.onStart = async () => ({ kind: 'failed', reason: 'crashed', message: 'x', logTail: '' })
    await pushAndWait('bad')
    const [first] = await listCollections(space.db, space.owner)
    writeData(first!.id)
    expect(await space.pushes.removeApp(space.app, { keepsData: false })).toBeNull()
    expect(await listCollections(space.db, space.owner)).toEqual([])
    expect(readdirSync(space.folders.collections)).toEqual([])
  })

  function writeData(collectionId: string): void {
    const folder = join(space.folders.collections, collectionId)
    mkdirSync(folder)
    writeFileSync(join(folder, 'base.db'), 'data')
  }
})
