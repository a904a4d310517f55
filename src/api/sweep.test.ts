import { expect, test } from 'bun:test'
import { silentLogger } from '../kernel/log.ts'
import { startSweep } from './sweep.ts'
import { openTestPlatform } from './testing/test-platform.ts'

test('a server that stops waits for the sweep under way', async () => {
  await using platform = await openTestPlatform()
  const publishing = Promise.withResolvers<void>()
  const published = Promise.withResolvers<void>()
  const order: string[] = []
  const publish = async () => {
    publishing.resolve()
    await published.promise
    order.push('published')
  }
  const sweeps = startSweep({
    db: platform.db,
    directory: { ...platform.directory, publish },
    log: silentLogger,
    now: () => platform.clock.nowMs,
    pauseMs: 1,
  })
  await publishing.promise
  const stopped = sweeps[Symbol.asyncDispose]().then(() => order.push('stopped'))
  published.resolve()
  await stopped
  expect(order).toEqual(['published', 'stopped'])
})
