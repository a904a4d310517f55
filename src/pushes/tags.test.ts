import { afterEach, beforeEach, expect, test } from 'bun:test'
import { createApp, createBuild, listRevisions, requireBuild } from '../projects/index.ts'
import { type TestSpace, openTestSpace } from './testing/test-services.ts'

let space: TestSpace
beforeEach(async () => {
  space = await openTestSpace()
})
afterEach(() => space[Symbol.asyncDispose]())

const pushAndWait = async (tag: string) => {
  const build = await space.push(tag)
  return { id: build.id, ...(await space.outcome(build)) }
}
const neverStarts = async () =>
  ({ kind: 'failed', reason: 'crashed', message: 'it ended at once', logTail: '' }) as const
const tagOf = async (id: string) => (await requireBuild(space.db, space.owner, id)).tag
const begin = (tag: string) =>
  createBuild(space.db, { appId: space.app.id, tag, autoPwa: false, nowMs: 5_000 })

test('a tag whose revision never started is free for the push that mends it', async () => {
  const { onStart } = space.runner
  space.runner.onStart = neverStarts
  const broken = await pushAndWait('rel-2')
  expect([broken.build, broken.installation]).toEqual(['complete', 'failed'])
  space.runner.onStart = onStart
  expect(await pushAndWait('rel-2')).toMatchObject({ installation: 'complete', serving: 'rel-2' })
  // The one that never ran is still there, under a tag of its own.
  expect(await tagOf(broken.id)).not.toBe('rel-2')
  expect((await listRevisions(space.db, space.app.id, 10)).map(({ id }) => id)).toContain(broken.id)
})

test('a tag whose revision has run is taken, also when it serves no longer', async () => {
  await pushAndWait('rel-1')
  await pushAndWait('rel-2')
  await expect(space.push('rel-1')).rejects.toThrow('A revision is named rel-1 already')
  await expect(space.push('rel-2')).rejects.toThrow('A revision is named rel-2 already')
})

test('a tag is taken while its revision is being built or started', async () => {
  const gate = Promise.withResolvers<void>()
  const { build } = space
  space.build = async (input) => (await gate.promise, build(input))
  const started = Promise.withResolvers<void>()
  const start = Promise.withResolvers<void>()
  const { onStart } = space.runner
  space.runner.onStart = async (spec) => (started.resolve(), await start.promise, onStart(spec))
  const first = await space.push('rel-1')
  await expect(begin('rel-1')).rejects.toThrow('named rel-1 already')
  gate.resolve()
  await started.promise
  await expect(begin('rel-1')).rejects.toThrow('named rel-1 already')
  start.resolve()
  await space.outcome(first)
})

test('a push that never sent its code loses its tag, and its failure says so', async () => {
  const abandoned = await begin('rel-1')
  expect(await pushAndWait('rel-1')).toMatchObject({ serving: 'rel-1' })
  const ended = await requireBuild(space.db, space.owner, abandoned.id)
  expect(ended).toMatchObject({ status: 'failed', failure: 'A later push took its tag rel-1' })
  await expect(space.pushes.putManifest(ended, new Uint8Array())).rejects.toThrow(
    'This push has ended (A later push took its tag rel-1); start a new one: space push',
  )
  await expect(space.pushes.start(space.app, ended, { archive: { path: '/nowhere' } })).rejects.toThrow(
    'start a new one: space push',
  )
})

test('a tag is taken in its own app only', async () => {
  await pushAndWait('rel-1')
  const { id } = await createApp(space.db, { ownerId: space.owner, name: 'other', alias: '', nowMs: 2 })
  const other = await createBuild(space.db, { appId: id, tag: 'rel-1', autoPwa: false, nowMs: 3 })
  expect(other.tag).toBe('rel-1')
})
