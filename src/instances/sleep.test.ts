import { afterEach, beforeEach, expect, test } from 'bun:test'
import { listInstances } from './instances.ts'
import { type TestSpace, openTestSpace } from '../pushes/testing/test-services.ts'

let space: TestSpace
let instanceId: string
let web: string

beforeEach(async () => {
  space = await openTestSpace()
  const build = await space.push('one')
  await space.outcome(build)
  const [instance] = await listInstances(space.db, space.owner)
  instanceId = instance!.id
  web = `${instanceId}/web@${build.id}`
  space.runner.idle = [web]
  forget()
})
afterEach(() => space[Symbol.asyncDispose]())

const forget = () => {
  space.published.length = 0
  space.runner.events.length = 0
}
const nameOf = (process: string) => process.split('/')[1]!
const told = () =>
  space.published.map((change) => (change.op === 'upstream.set' ? change.address : change.op))
const address = () => ({ host: web, port: 1 })

test('gateways know that a micro is gone before it is', async () => {
  space.activeMicros = async () => {
    if (space.published.length > 0) expect(space.runner.running.has(web)).toBe(true)
    return []
  }
  await space.processes.sleepIdle(1)
  expect(told()).toEqual([null])
  expect(space.runner.events).toEqual([`sleep ${nameOf(web)}`])
})

test('what gateways use stays awake, and counts as used', async () => {
  const answers = [[{ instanceId, micro: 'api' }], [{ instanceId, micro: 'web' }]]
  space.activeMicros = async () => answers.shift()!
  await space.processes.sleepIdle(1)
  expect(told()).toEqual([null, address()])
  expect(space.runner.events).toEqual([])
  expect(space.runner.touched.map((name) => name.split('@')[0])).toEqual(['api', 'web'])
})

test('nothing sleeps while a gateway cannot be asked', async () => {
  space.activeMicros = async () => null
  await space.processes.sleepIdle(1)
  expect([told(), space.runner.events]).toEqual([[], []])
  const answers = [[], null]
  space.activeMicros = async () => answers.shift()!
  await space.processes.sleepIdle(1)
  expect([told(), space.runner.events]).toEqual([[null, address()], []])
})

test('a wake during the decision waits, and then starts a process', async () => {
  const lastAnswer = Promise.withResolvers<[]>()
  const asked = Promise.withResolvers<void>()
  space.activeMicros = async () => {
    if (space.published.length === 0) return []
    asked.resolve()
    return lastAnswer.promise
  }
  const sleeping = space.processes.sleepIdle(1)
  await asked.promise
  const waking = space.wake(instanceId, 'web')
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate)
  expect(space.runner.events).toEqual([])
  lastAnswer.resolve([])
  await sleeping
  expect(await waking).toEqual({ kind: 'ready', address: address() })
  expect(space.runner.events).toEqual([`sleep ${nameOf(web)}`, `start ${nameOf(web)}`])
  expect(told()).toEqual([null, address()])
})

test('a revision that is not served yet, or no longer, is left alone', async () => {
  const next = await space.push('two')
  await space.outcome(next)
  forget()
  space.runner.idle = [web, `${instanceId}/web@bld_next`]
  await space.processes.sleepIdle(1)
  expect([told(), space.runner.events]).toEqual([[], []])
})

test('one that ended while it was asked about is not said to be there again', async () => {
  const answers = [[], [{ instanceId, micro: 'web' }]]
  space.activeMicros = async () => {
    if (space.published.length > 0) space.runner.end(web)
    return answers.shift()!
  }
  await space.processes.sleepIdle(1)
  expect(told()).toEqual([null])
})
