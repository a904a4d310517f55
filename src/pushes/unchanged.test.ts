import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import { getBuilderInstance } from '../instances/index.ts'
import { until } from '../kernel/testing/until.ts'
import { listBuilds, requireRevisionMicros } from '../projects/index.ts'
import type { BuildInput, BuiltMicro } from '../builds/index.ts'
import { type TestSpace, buildNothing, openTestSpace } from './testing/test-services.ts'

let space: TestSpace
let built: readonly BuiltMicro[]
let build: TestSpace['build']
beforeEach(async () => {
  space = await openTestSpace({ keptRevisions: 2 })
  build = space.build
})
afterEach(() => space[Symbol.asyncDispose]())

const pushAndWait = async (tag: string) => {
  const pushed = await space.push(tag)
  return { pushed, ...(await space.outcome(pushed)) }
}
const serving = () => getBuilderInstance(space.db, space.app.id)
async function pushFirst() {
  const first = await pushAndWait('one')
  built = (await requireRevisionMicros(space.db, first.pushed.id)).map((micro) => micro.built)
  space.runner.events.length = 0
  return first
}

describe('a push that changes nothing', () => {
  test('makes a revision and a release, and leaves the processes running', async () => {
    const { pushed } = await pushFirst()
    space.build = buildNothing(() => built)
    const { pushed: _, log, ...outcome } = await pushAndWait('two')
    expect(outcome).toEqual({
      build: 'complete',
      release: 'complete',
      installation: 'complete',
      serving: 'two',
    })
    expect(log).toContain('Nothing has changed since the revision that runs')
    expect(space.runner.events).toEqual([])
    expect((await serving())!.buildId).toBe(pushed.id)
    expect(readdirSync(space.folders.revisions)).toEqual([pushed.id])
  })

  test('starts the app when its instance was deleted in between', async () => {
    const { pushed } = await pushFirst()
    space.build = async (input) => {
      await space.instances.remove((await serving())!, { keepsData: false })
      return await buildNothing(() => built)(input)
    }
    expect((await pushAndWait('two')).serving).toBe('two')
    expect(space.runner.events.filter((event) => event.startsWith('start'))).toEqual([
      `start web@${pushed.id}`,
      `start api@${pushed.id}`,
    ])
  })

  test('keeps the code for as long as a revision needs it', async () => {
    const { pushed: first } = await pushFirst()
    space.build = buildNothing(() => built)
    for (const tag of ['two', 'three', 'four', 'five']) await pushAndWait(tag)
    expect((await serving())!.revisionTag).toBe('five')
    expect(readdirSync(space.folders.revisions)).toEqual([first.id])
    space.build = build
    const { pushed: six } = await pushAndWait('six')
    expect(readdirSync(space.folders.revisions).sort()).toEqual([first.id, six.id].sort())
    for (const tag of ['seven', 'eight', 'nine', 'ten']) await pushAndWait(tag)
    // Old revisions are removed after the push has been answered.
    await until('the code is removed', () => !readdirSync(space.folders.revisions).includes(first.id))
  })
})

describe('a push that names its archive', () => {
  /** Builds as a server that built the revision that serves from the archive `same`. */
  const knowsSame = async (input: BuildInput) => {
    if (!('digest' in input.archive)) return await build(input)
    if (input.archive.digest === 'same' && input.serving !== undefined)
      return await buildNothing(() => built)(input)
    return { kind: 'failed', fault: 'user', message: 'other code' } as const
  }
  const pushDigest = (tag: string, digest: string) => space.push(tag, { digest })

  test('needs no upload when the revision that serves was built from it', async () => {
    await pushFirst()
    space.build = knowsSame
    const outcome = await space.outcome(await pushDigest('two', 'same'))
    expect(outcome).toMatchObject({ installation: 'complete', serving: 'two' })
    expect(space.runner.events).toEqual([])
  })

  test('still waits for its code when another archive serves, or none', async () => {
    space.build = knowsSame
    await expect(pushDigest('one', 'same')).rejects.toMatchObject({ status: 404 })
    await pushFirst()
    space.build = knowsSame
    await expect(pushDigest('two', 'other')).rejects.toMatchObject({ status: 404 })
    const builds = await listBuilds(space.db, space.app.id, 10)
    expect(builds.map(({ status }) => status)).toContain('pending')
    expect((await serving())!.revisionTag).toBe('one')
  })

  test('still waits for its code while another push may change what serves', async () => {
    await pushFirst()
    const gate = Promise.withResolvers<void>()
    space.build = async (input) => {
      if ('path' in input.archive) await gate.promise
      return await knowsSame(input)
    }
    const other = await space.push('two')
    await expect(pushDigest('three', 'same')).rejects.toMatchObject({ status: 404 })
    gate.resolve()
    expect((await space.outcome(other)).serving).toBe('two')
  })
})

describe('a build is offered the code of', () => {
  let inputs: BuildInput[]
  beforeEach(() => {
    inputs = []
    space.build = async (input) => {
      inputs.push(input)
      return await build(input)
    }
  })

  test('earlier revisions, the one that serves first', async () => {
    const { pushed: one } = await pushAndWait('one')
    await pushAndWait('two')
    expect(inputs.map(({ earlier }) => earlier)).toEqual([[], [space.folders.revision(one.id)]])
    expect(inputs[1]!.serving).toBe(space.folders.revision(one.id))
  })

  test('no serving revision when the icon has changed', async () => {
    await pushAndWait('one')
    const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    await space.outcome(await space.push('two', { icon: png }))
    expect(inputs[1]).not.toHaveProperty('serving')
    expect(inputs[1]!.earlier).toHaveLength(1)
  })

  test('none when everything is to be built again', async () => {
    await pushAndWait('one')
    await space.outcome(await space.push('two', { rebuild: true }))
    expect(inputs[1]).not.toHaveProperty('earlier')
  })
})
