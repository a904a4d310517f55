import { expect, test } from 'bun:test'
import { createServer } from 'node:net'
import { DirectoryReplica } from '../index.ts'
import { ONE, publisherOn } from '../testing/control-socket.ts'
import { temporarySocket } from '../testing/entries.ts'

const HANG_AFTER_MS = 1_000

test('a platform that accepts and never answers hangs, and no wake waits for it', async () => {
  using socket = temporarySocket()
  const silent = createServer(() => {})
  await new Promise<void>((listening) => silent.listen(socket.path, listening))
  await using replica = new DirectoryReplica({ hangAfterMs: HANG_AFTER_MS })
  replica.connect(socket.path)
  expect(replica.isPlatformHung).toBe(false)
  expect(await replica.wake('one', 'web')).toMatchObject({ kind: 'failed', reason: 'unavailable' })
  expect(await replica.askCrash('one', 'web')).toBeNull()
  expect(replica.isPlatformHung).toBe(true)
  silent.close()
})

test('a platform that takes long over a wake does not hang', async () => {
  using socket = temporarySocket()
  await using publisher = await publisherOn(socket.path, [ONE])
  await using replica = new DirectoryReplica({ hangAfterMs: HANG_AFTER_MS })
  replica.connect(socket.path)
  await replica.ready
  const slow = Promise.withResolvers<void>()
  publisher.onWake(async () => {
    await slow.promise
    return { kind: 'ready', address: { host: '127.0.0.1', port: 8080 } }
  })
  setTimeout(slow.resolve, 3 * HANG_AFTER_MS)
  expect(await replica.wake('one', 'web')).toMatchObject({ kind: 'ready' })
  expect(replica.isPlatformHung).toBe(false)
})
