import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { inCommit } from '../directory-sync/testing/in-commit.ts'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createApiKey } from '../keys/index.ts'
import {
  createBuild,
  listApps,
  listBuilds,
  listReleases,
  SERVER_STOPPED,
  requireBuild,
  startBuild,
} from '../projects/index.ts'
import { listInstances, setEnvValues } from '../instances/index.ts'
import type { InstanceId } from '../kernel/ids.ts'
import { processKey } from '../runner/index.ts'
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
const settle = () => new Promise(setImmediate)

describe('a push', () => {
  test('builds, starts every micro, and then tells the gateways', async () => {
    const { pushed: build, ...outcome } = await pushAndWait('one')
    expect(outcome).toMatchObject({
      build: 'complete',
      release: 'complete',
      installation: 'complete',
      serving: 'one',
    })
    expect(space.runner.events).toEqual([`start web@${build.id}`, `start api@${build.id}`])
    const { id } = await instance()
    expect(lastInstance()).toMatchObject({
      id,
      isDevelopment: true,
      addsRuntime: false,
      micros: [
        {
          name: 'web',
          mount: '/',
          upstream: { kind: 'process', address: { host: `${id}/web@${build.id}` } },
        },
        { name: 'api', mount: '/api', publicRoutes: ['/ping'], upstream: { kind: 'process' } },
      ],
    })
  })

  test('of an update starts beside the old processes, which end after gateways know', async () => {
    const { pushed: one } = await pushAndWait('one')
    space.runner.events.length = 0
    const { pushed: two, serving } = await pushAndWait('two')
    expect(serving).toBe('two')
    expect(space.runner.events).toEqual([
      `start web@${two.id}`,
      `start api@${two.id}`,
      `stop web@${one.id}`,
      `stop api@${one.id}`,
    ])
    expect(space.published.at(-1)!.op).toBe('instance.put')
  })

  test('keeps host, keys and settings of the instance', async () => {
    await pushAndWait('one')
    const { id } = await instance()
    const before = lastInstance()
    await setEnvValues(space.db, space.sealer, id, [{ micro: 'web', name: 'COLOR', value: 'red' }])
    await pushAndWait('two')
    expect(lastInstance()).toMatchObject({ hosts: before.hosts, internalKeyDigest: before.internalKeyDigest })
    const [firstWeb, , secondWeb] = space.runner.specs
    expect([firstWeb!.env.COLOR, secondWeb!.env.COLOR]).toEqual(['blue', 'red'])
    expect(secondWeb!.env.DETA_PROJECT_KEY).toBe(firstWeb!.env.DETA_PROJECT_KEY!)
  })

  test('gives each micro the environment of Space', async () => {
    const { pushed: build } = await pushAndWait('one')
    const { alias } = await instance()
    const [web, api] = space.runner.specs
    expect(web).toMatchObject({
      dir: join(space.folders.revision(build.id), 'web'),
      command: 'run web',
      env: {
        ENGINE: 'test',
        COLOR: 'blue',
        DETA_SPACE_APP: 'true',
        DETA_SPACE_APP_VERSION: 'one',
        DETA_SPACE_APP_HOSTNAME: `${alias}.space.localhost:7070`,
        DETA_SPACE_APP_MICRO_NAME: 'web',
        DETA_SPACE_APP_MICRO_TYPE: 'primary',
      },
    })
    expect(web!.env.DETA_API_KEY).toMatch(/^[a-z0-9]{16}_[A-Za-z0-9]{43}$/)
    expect([api!.env.DETA_SPACE_APP_MICRO_TYPE, api!.env.COLOR]).toEqual(['normal', undefined])
  })

  test('waits for an earlier one of the same app', async () => {
    const gate = Promise.withResolvers<void>()
    const build = space.build
    space.build = async (input) => (await gate.promise, build(input))
    const one = await space.push('one')
    const two = await space.push('two')
    await settle()
    expect((await requireBuild(space.db, space.owner, two.id)).status).toBe('running')
    gate.resolve()
    await space.outcome(one)
    const outcome = await space.outcome(two)
    expect(outcome.serving).toBe('two')
    expect(outcome.log).toContain('Waiting for an earlier push')
  })

  test('that waits for other apps says so', async () => {
    const gate = Promise.withResolvers<void>()
    for (const app of ['app_a', 'app_b']) void space.services.queue.run(app, () => gate.promise)
    await settle()
    const build = await space.push('one')
    gate.resolve()
    expect((await space.outcome(build)).log).toContain('\nWaiting for the builds of other apps\n')
    const { log } = await space.outcome(await space.push('two'))
    expect(log).not.toContain('Waiting')
  })
})

describe('the revision that served still serves when', () => {
  /** What was published, without the data key that each build has for itself. */
  const told = () => space.published.filter(({ op }) => !op.startsWith('dataKey.'))

  beforeEach(async () => {
    await pushAndWait('good')
    space.published.length = 0
    space.runner.events.length = 0
  })

  test('a build fails', async () => {
    space.build = async () => ({ kind: 'failed', fault: 'user', message: 'npm install failed' })
    const outcome = await pushAndWait('bad')
    expect(outcome).toMatchObject({ build: 'failed', release: null, serving: 'good' })
    expect(outcome.log).toContain('npm install failed')
    expect([told(), space.runner.events]).toEqual([[], []])
  })

  test('a build throws an unexpected error', async () => {
    space.build = () => Promise.reject(new Error('secret path /var/lib'))
    const outcome = await pushAndWait('bad')
    expect(outcome).toMatchObject({ build: 'internal-error', serving: 'good' })
    expect(outcome.log).not.toContain('secret')
    expect(told()).toEqual([])
  })

  test('one of the new micros does not start, and the others are ended', async () => {
    const ready = space.runner.onStart
    space.runner.onStart = async (spec) =>
      spec.process.micro === 'api'
        ? {
            kind: 'failed',
            reason: 'crashed',
            message: 'It ended with exit code 1.',
            logTail: 'boom\nTypeError: x',
          }
        : ready(spec)
    const { pushed: build, ...outcome } = await pushAndWait('bad')
    expect(outcome).toMatchObject({
      build: 'complete',
      release: 'complete',
      installation: 'failed',
      serving: 'good',
    })
    expect(outcome.log).toContain('[api] TypeError: x\napi did not start: It ended with exit code 1.\n')
    expect(space.runner.events).toEqual([
      `start web@${build.id}`,
      `start api@${build.id}`,
      `stop web@${build.id}`,
    ])
    expect(told()).toEqual([])
  })

  test('a failed start says why and what to do, as far as the output shows it', async () => {
    space.runner.onStart = async () => ({
      kind: 'failed',
      reason: 'crashed',
      message: 'exited with code 1',
      logTail: "ModuleNotFoundError: No module named 'requests'",
    })
    expect((await pushAndWait('bad')).log).toContain(
      'did not start: exited with code 1. The Python module `requests` is not installed. Add its package to requirements.txt. Then run: space push\n',
    )
  })

  test('the server stops during a build, which is noted as not being the fault of the app', async () => {
    space.limits = { lastPushMs: 1 }
    await space.crash()
    const begun = Promise.withResolvers<void>()
    space.build = async ({ signal }) => {
      begun.resolve()
      await new Promise((resolve) => signal!.addEventListener('abort', resolve))
      return { kind: 'failed', fault: 'user', message: 'a command was ended by SIGKILL' }
    }
    const build = await space.push('stopped')
    await begun.promise
    await space.services[Symbol.asyncDispose]()
    const { status, failure } = await requireBuild(space.db, space.owner, build.id)
    expect({ status, failure }).toEqual({ status: 'internal-error', failure: SERVER_STOPPED })
  })

  test('the server ends in the middle of a push', async () => {
    const half = await createBuild(space.db, {
      appId: space.app.id,
      tag: 'half',
      autoPwa: false,
      nowMs: 5_000,
    })
    await startBuild(space.db, half.id)
    mkdirSync(`${space.folders.revision(half.id)}.building`)
    writeFileSync(join(space.folders.uploads, 'incoming-x'), 'half an archive')
    const { id, buildId } = await instance()
    await space.crash()
    expect((await requireBuild(space.db, space.owner, half.id)).status).toBe('internal-error')
    expect(readdirSync(space.folders.revisions)).toEqual([buildId])
    expect(readdirSync(space.folders.uploads)).toEqual([buildId])
    expect(lastInstance()).toMatchObject({ id, micros: [{ upstream: { address: null } }, {}] })
    expect(await space.wake(id, 'web')).toEqual({
      kind: 'ready',
      address: { host: `${id}/web@${buildId}`, port: 1 },
    })
  })
})

describe('a wake', () => {
  test('starts the serving revision and tells every gateway where it is', async () => {
    const { pushed: build } = await pushAndWait('one')
    const { id } = await instance()
    space.runner.end(`${id}/web@${build.id}`, 'idle')
    expect(space.published.at(-1)).toEqual({
      op: 'upstream.set',
      instanceId: id,
      micro: 'web',
      address: null,
    })
    const address = { host: `${id}/web@${build.id}`, port: 1 }
    expect(await space.wake(id, 'web')).toEqual({ kind: 'ready', address })
    expect(space.published.at(-1)).toEqual({ op: 'upstream.set', instanceId: id, micro: 'web', address })
  })

  test('that meets an update leads to the new revision, and leaves no old process', async () => {
    const { pushed: one } = await pushAndWait('one')
    const { id } = await instance()
    const old = `${id}/web@${one.id}`
    space.runner.end(old, 'idle')
    const ready = space.runner.onStart
    const gate = Promise.withResolvers<void>()
    space.runner.onStart = async (spec) => {
      if (processKey(spec.process) === old) await gate.promise
      return ready(spec)
    }
    const waking = space.wake(id, 'web')
    const { pushed: two } = await pushAndWait('two')
    space.runner.running.add(old)
    gate.resolve()
    expect(await waking).toEqual({ kind: 'ready', address: { host: `${id}/web@${two.id}`, port: 1 } })
    expect(space.runner.running.has(old)).toBe(false)
    const told = space.published.filter(({ op }) => op === 'upstream.set').at(-1)
    expect(told).toMatchObject({ address: { host: `${id}/web@${two.id}` } })
  })

  test('of what is not there fails, and starts nothing', async () => {
    await pushAndWait('one')
    const { id } = await instance()
    space.runner.events.length = 0
    expect(await space.wake(id, 'nope')).toMatchObject({ kind: 'failed', reason: 'unavailable' })
    expect(await space.wake('inst_nope', 'web')).toMatchObject({ kind: 'failed', reason: 'unavailable' })
    expect(space.runner.events).toEqual([])
  })

  test('tells what the app said when it cannot start', async () => {
    const { pushed: build } = await pushAndWait('one')
    const { id } = await instance()
    space.runner.end(`${id}/web@${build.id}`)
    const failed = { kind: 'failed', reason: 'crashed', message: 'no', logTail: 'boom' } as const
    space.runner.onStart = async () => failed
    expect(await space.wake(id, 'web')).toEqual(failed)
  })
})

describe('a deleted instance', () => {
  test('is gone from every gateway before the answer, and its processes end', async () => {
    await pushAndWait('one')
    const found = await instance()
    await space.instances.remove(found, { keepsData: false })
    expect(space.published.at(-1)).toEqual({ op: 'instance.delete', id: found.id })
    expect([space.runner.running.size, space.runner.erased]).toEqual([0, [found.id]])
    expect(await space.wake(found.id, 'web')).toMatchObject({ kind: 'failed' })
  })

  test('does not come back with an update that was under way', async () => {
    await pushAndWait('one')
    const gate = Promise.withResolvers<void>()
    const ready = space.runner.onStart
    const starting = Promise.withResolvers<void>()
    space.runner.onStart = async (spec) => (starting.resolve(), await gate.promise, ready(spec))
    const build = await space.push('two')
    await starting.promise
    await space.instances.remove(await instance(), { keepsData: false })
    gate.resolve()
    const outcome = await space.outcome(build)
    expect(outcome).toMatchObject({ installation: 'failed', serving: null })
    expect([...space.runner.running]).toEqual([])
  })

  test('makes room for a new one, with another host', async () => {
    await pushAndWait('one')
    const before = await instance()
    await space.instances.remove(before, { keepsData: false })
    await pushAndWait('two')
    expect((await instance()).alias).not.toBe(before.alias)
  })
})

describe('a deleted app', () => {
  const rows = async () =>
    Promise.all([
      listApps(space.db, space.owner),
      listBuilds(space.db, space.app.id, 10),
      listReleases(space.db, space.owner, { limit: 10 }),
    ])

  test('leaves no row, revision, upload or log', async () => {
    await pushAndWait('one')
    await space.instances.remove(await instance(), { keepsData: false })
    await space.pushes.removeApp(space.app, { keepsData: false })
    expect(await rows()).toEqual([[], [], []])
    const { revisions, uploads, logs } = space.folders
    expect([revisions, uploads, logs].flatMap((folder) => readdirSync(folder))).toEqual([])
  })

  test('is refused while an instance exists, which keeps running', async () => {
    await pushAndWait('one')
    await expect(space.pushes.removeApp(space.app, { keepsData: false })).rejects.toMatchObject({
      status: 409,
    })
    expect((await instance()).revisionTag).toBe('one')
  })

  test('is refused while its first push is under way', async () => {
    const gate = Promise.withResolvers<void>()
    const { build: finish } = space
    space.build = async (input) => (await gate.promise, finish(input))
    const build = await space.push('one')
    await expect(space.pushes.removeApp(space.app, { keepsData: false })).rejects.toMatchObject({
      status: 409,
    })
    gate.resolve()
    expect(await space.outcome(build)).toMatchObject({ serving: 'one' })
  })

  test('refuses the code of a push that had begun', async () => {
    const build = await createBuild(space.db, { appId: space.app.id, tag: 'late', autoPwa: true, nowMs: 1 })
    await space.pushes.removeApp(space.app, { keepsData: false })
    expect(await startBuild(space.db, build.id)).toBe(false)
  })
})

test('everything that serves is published at start', async () => {
  await pushAndWait('one')
  const { id } = await instance()
  await inCommit(space.db, createApiKey, { instanceId: id as InstanceId, name: 'phone', nowMs: 1 })
  await space.crash()
  expect(space.published.map(({ op }) => op)).toEqual(['instance.put', 'key.put', 'dataKey.put'])
})
