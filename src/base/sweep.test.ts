import { expect, setDefaultTimeout, test } from 'bun:test'
import { silentLogger } from '../kernel/log.ts'
import { createSweep } from './sweep.ts'
import { openTestBase } from './testing/test-base.ts'

setDefaultTimeout(60_000)

const HOUR = 3_600_000

async function openSwept() {
  const base = await openTestBase()
  const start = base.clock.now
  const time = { up: 0 }
  const sweep = createSweep({
    store: base.store,
    log: silentLogger,
    graceMs: HOUR,
    settleMs: HOUR,
    now: () => base.clock.now,
    uptime: () => time.up,
  })
  const items = Array.from({ length: 450 }, (_, at) => ({
    key: `k${at}`,
    __expires: Math.floor(start / 1_000) + 60,
  }))
  for (let at = 0; at < items.length; at += 25)
    await base.call('PUT', '/items', { items: items.slice(at, at + 25) })
  await base.call('PUT', '/items', {
    items: [{ key: 'stays' }, { key: 'later', __expires: Math.floor(start / 1_000) + 1_000_000 }],
  })
  /** What is stored, expired or not: seen with the clock of the start. */
  const stored = async () => {
    const { now } = base.clock
    base.clock.now = start
    const { body } = await base.call('POST', '/query', {})
    base.clock.now = now
    return (body as { items: { key: string }[] }).items.length
  }
  const pass = (ms: number) => {
    base.clock.now += ms
    time.up += ms
  }
  return { base, sweep, stored, pass, [Symbol.asyncDispose]: () => base[Symbol.asyncDispose]() }
}

test('what expired long ago is deleted, and nothing else', async () => {
  await using it = await openSwept()
  it.pass(HOUR)
  await it.sweep()
  expect(await it.stored()).toBe(452)
  it.pass(HOUR)
  await it.sweep()
  expect(await it.stored()).toBe(2)
})

test('a clock that jumps ahead deletes nothing until it has been right for a while', async () => {
  await using it = await openSwept()
  it.pass(HOUR)
  it.base.clock.now += 1_000 * HOUR
  await it.sweep()
  it.pass(HOUR / 2)
  await it.sweep()
  expect(await it.stored()).toBe(452)
  it.base.clock.now -= 1_000 * HOUR
  await it.sweep()
  it.pass(HOUR / 2)
  await it.sweep()
  expect(await it.stored()).toBe(452)
  it.pass(HOUR)
  await it.sweep()
  expect(await it.stored()).toBe(2)
})
