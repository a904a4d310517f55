import { expect, test } from 'bun:test'
import { openTestApi } from '../api/testing/test-api.ts'
import { silentLogger } from '../kernel/log.ts'
import { startExpiry } from './expire.ts'

test('a server that stops waits for the current run', async () => {
  await using platform = await openTestApi()
  const committing = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const order: string[] = []
  const { sync } = platform
  const commit: typeof sync.commit = async (work) => {
    committing.resolve()
    await released.promise
    const result = await sync.commit(work)
    order.push('committed')
    return result
  }
  const expiry = startExpiry({
    db: platform.db,
    sync: { commit },
    log: silentLogger,
    now: () => platform.clock.nowMs,
    pauseMs: 1,
  })
  await committing.promise
  const stopped = expiry[Symbol.asyncDispose]().then(() => order.push('stopped'))
  released.resolve()
  await stopped
  expect(order).toEqual(['committed', 'stopped'])
})
