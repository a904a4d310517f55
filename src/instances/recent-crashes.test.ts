import { expect, test } from 'bun:test'
import { createRecentCrashes } from './recent-crashes.ts'
import { ManualRunner, refOf } from './testing/manual-runner.ts'

const WEB = 'inst_1/web@bld_1'
const CRASH = { message: 'crashed', logTail: 'its last words' }

function setUp() {
  const clock = { nowMs: 1_000 }
  const runner = new ManualRunner()
  return { clock, runner, crashes: createRecentCrashes(runner, () => clock.nowMs) }
}

test('a crash is reported for a few seconds', async () => {
  const { clock, runner, crashes } = setUp()
  runner.end(WEB)
  expect(await crashes.lastOf(refOf(WEB))).toEqual(CRASH)
  expect(await crashes.lastOf(refOf('inst_1/api@bld_1'))).toBeNull()
  clock.nowMs += 5_000
  expect(await crashes.lastOf(refOf(WEB))).toBeNull()
})

test('a query before the crash is known waits for it', async () => {
  const { runner, crashes } = setUp()
  const asked = [crashes.lastOf(refOf(WEB)), crashes.lastOf(refOf(WEB))]
  runner.end(WEB)
  expect(await Promise.all(asked)).toEqual([CRASH, CRASH])
})

test('what was stopped or sleeps has not crashed', async () => {
  const { runner, crashes } = setUp()
  for (const reason of ['stopped', 'idle'] as const) {
    const asked = crashes.lastOf(refOf(WEB))
    runner.end(WEB, reason)
    expect(await asked).toBeNull()
  }
})
