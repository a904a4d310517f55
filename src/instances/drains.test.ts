/** Replaced processes answer what they had begun, and end in any case. */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { KEPT_BUILDS } from '../pushes/retention.ts'
import { until } from '../kernel/testing/until.ts'
import { listInstances } from './instances.ts'
import { setEnvValues } from './env-values.ts'
import { existsSync } from 'node:fs'
import type { BuildId } from '../kernel/ids.ts'
import { type TestSpace, openTestSpace } from '../pushes/testing/test-services.ts'

let space: TestSpace
/** Addresses that gateways were asked about, and what lets them answer. */
let asked: string[]
let answers: Map<string, () => void>

beforeEach(async () => {
  space = await openTestSpace()
  asked = []
  answers = new Map()
  space.untilDrained = (address, signal) =>
    new Promise((resolve) => {
      const { host } = address as { host: string }
      asked.push(host)
      answers.set(host, resolve)
      signal.addEventListener('abort', () => resolve())
    })
})
afterEach(() => space[Symbol.asyncDispose]())

const push = async (tag: string): Promise<BuildId> => {
  const build = await space.push(tag)
  await space.outcome(build)
  return build.id
}
const instance = async () => (await listInstances(space.db, space.owner))[0]!
const processOf = async (micro: string, build: string) => `${(await instance()).id}/${micro}@${build}`
const running = () => [...space.runner.running].map((id) => id.split('/')[1])

describe('a process that an update replaces', () => {
  test('runs until gateways have nothing under way to it', async () => {
    const one = await push('one')
    const two = await push('two')
    await until('both asked about', () => asked.length === 2)
    expect(running()).toEqual([`web@${one}`, `api@${one}`, `web@${two}`, `api@${two}`])
    answers.get(await processOf('web', one))!()
    await until('the idle one ended', () => space.runner.running.size === 3)
    expect(running()).toEqual([`api@${one}`, `web@${two}`, `api@${two}`])
  })

  test('is not waited for by the push, nor by the next one', async () => {
    const one = await push('one')
    await push('two')
    const three = await push('three')
    await until('both old revisions asked about', () => asked.length === 4)
    expect(running()).toContain(`web@${one}`)
    expect(running()).toContain(`web@${three}`)
    expect((await instance()).revisionTag).toBe('three')
  })

  test('ends after the bound', async () => {
    space.limits = { drainMs: 1 }
    await space.crash()
    const one = await push('one')
    await push('two')
    await until('ended', () => !running().includes(`web@${one}`))
  })

  test('has the bound that its own Spacefile names', async () => {
    space.limits = { drainMs: 1 }
    space.spacefile = space.spacefile.replace('  - name: api\n', '  - name: api\n    drain_seconds: 600\n')
    await space.crash()
    const one = await push('one')
    await push('two')
    await until('the other ended', () => !running().includes(`web@${one}`))
    expect(running()).toContain(`api@${one}`)
  })

  test('may crash: nothing waits for it any more', async () => {
    const one = await push('one')
    await push('two')
    await until('asked about', () => asked.length === 2)
    const [web, before] = [await processOf('web', one), space.published.length]
    space.runner.end(web)
    await until('no process of it', () => !running().includes(`web@${one}`))
    // Its successor has the requests: gateways need not know.
    expect(space.published.length).toBe(before)
  })

  test('ends at once with its instance', async () => {
    await push('one')
    await push('two')
    await space.instances.remove(await instance(), { keepsData: false })
    expect(running()).toEqual([])
  })

  test('keeps its files, however many pushes come', async () => {
    const one = await push('one')
    for (let tag = 0; tag < KEPT_BUILDS + 2; tag++) await push(`next-${tag}`)
    expect(existsSync(space.folders.revision(one))).toBe(true)
    for (const answer of answers.values()) answer()
    await until('erased', () => !existsSync(space.folders.revision(one)))
  })

  test('does not keep the server from stopping', async () => {
    await push('one')
    await push('two')
    await until('asked about', () => asked.length === 2)
    await space.services[Symbol.asyncDispose]()
    await until('given up', () => space.runner.running.size === 2)
  })

  test('that was about to sleep is drained instead', async () => {
    const one = await push('one')
    const web = await processOf('web', one)
    const survey = Promise.withResolvers<[]>()
    const isAsked = Promise.withResolvers<void>()
    let surveys = 0
    space.activeMicros = async () => (surveys++ === 0 ? [] : (isAsked.resolve(), survey.promise))
    space.runner.idle = [web]
    const sleeping = space.processes.sleepIdle(1)
    await isAsked.promise
    await push('two')
    survey.resolve([])
    await sleeping
    await until('both asked about', () => asked.length === 2)
    expect(running()).toContain(`web@${one}`)
  })
})

describe('new settings', () => {
  test('are those of the next request, while the old process answers', async () => {
    const one = await push('one')
    const { id } = await instance()
    await setEnvValues(space.db, space.sealer, id, [{ micro: 'web', name: 'COLOR', value: 'red' }])
    await space.instances.restart(await instance())
    expect(space.published.at(-1)).toMatchObject({
      op: 'instance.put',
      instance: { micros: [{ upstream: { address: null } }, { upstream: { address: null } }] },
    })
    const woken = await space.wake(id, 'web')
    const next = `${id}/web@${one}~1`
    expect(woken).toEqual({ kind: 'ready', address: { host: next, port: 1 } })
    expect(space.published.at(-1)).toMatchObject({ op: 'upstream.set', address: { host: next } })
    expect(space.runner.specs.at(-1)!.env.COLOR).toBe('red')
    expect(running()).toEqual([`web@${one}`, `api@${one}`, `web@${one}~1`])
    expect(space.instances.statusOf(await instance())).toBe('running')
    answers.get(`${id}/web@${one}`)!()
    await until('the old one ended', () => !running().includes(`web@${one}`))
  })

  test('twice in a row leave one process that serves', async () => {
    const one = await push('one')
    const { id } = await instance()
    await space.instances.restart(await instance())
    await space.wake(id, 'web')
    await space.instances.restart(await instance())
    await space.wake(id, 'web')
    await until('all old ones asked about', () => asked.length === 3)
    for (const answer of answers.values()) answer()
    await until('one left', () => space.runner.running.size === 1)
    expect(running()).toEqual([`web@${one}~2`])
  })

  test('that meet a wake reach the process that it starts', async () => {
    const one = await push('one')
    const { id } = await instance()
    space.runner.end(`${id}/web@${one}`, 'idle')
    const gate = Promise.withResolvers<void>()
    const { onStart } = space.runner
    space.runner.onStart = async (spec) => (await gate.promise, onStart(spec))
    const waking = space.wake(id, 'web')
    await until('it starts', () => running().includes(`web@${one}`))
    await space.instances.restart(await instance())
    gate.resolve()
    expect(await waking).toEqual({ kind: 'ready', address: { host: `${id}/web@${one}~1`, port: 1 } })
    await until('asked about', () => answers.has(`${id}/api@${one}`))
    for (const answer of answers.values()) answer()
    await until('the first start ended', () => !running().includes(`web@${one}`))
  })

  test('that meet a push do not leave its processes with the old ones', async () => {
    await push('one')
    const gate = Promise.withResolvers<void>()
    const { onStart } = space.runner
    space.runner.onStart = async (spec) => (await gate.promise, onStart(spec))
    const two = await space.push('two')
    await until('it starts', () => running().includes(`web@${two.id}`))
    await space.instances.restart(await instance())
    gate.resolve()
    await space.outcome(two)
    const { id } = await instance()
    expect(await space.wake(id, 'web')).toMatchObject({ address: { host: `${id}/web@${two.id}~1` } })
    await until('asked about', () => answers.has(`${id}/web@${two.id}`))
    for (const answer of answers.values()) answer()
    await until('they ended', () => !running().includes(`web@${two.id}`))
  })
})

test('a new internal key is that of the next request, and the old one is refused', async () => {
  const one = await push('one')
  const { id } = await instance()
  const digest = () =>
    space.published.findLast((change) => change.op === 'instance.put')!.instance.internalKeyDigest
  const before = digest()
  await space.instances.rotateInternalKey(await instance())
  expect(digest()).not.toBe(before)
  await space.wake(id, 'web')
  const [old, , next] = space.runner.specs
  expect(next!.env.DETA_API_KEY).not.toBe(old!.env.DETA_API_KEY)
  expect(running()).toContain(`web@${one}`)
})
