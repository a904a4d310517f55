import { expect, test } from 'bun:test'
import { silentLogger } from '../kernel/log.ts'
import { startSweep } from './sweep.ts'
import { openTestPlatform } from './testing/test-platform.ts'

test('a server that stops waits for the sweep under way', async () => {
  await using platform = await openTestPlatform()
  const committing = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const order: string[] = []
  const { sync } = platform.deployments
  const commit: typeof sync.commit = async (work) => {
    committing.resolve()
    await released.promise
    const result = await sync.commit(work)
    order.push('committed')
    return result
  }
  const sweeps = startSweep({
    db: platform.db,
    sync: { commit },
    log: silentLogger,
    now: () => platform.clock.nowMs,
    pauseMs: 1,
  })
  await committing.promise
  const stopped = sweeps[Symbol.asyncDispose]().then(() => order.push('stopped'))
  released.resolve()
  await stopped
  expect(order).toEqual(['committed', 'stopped'])
})
