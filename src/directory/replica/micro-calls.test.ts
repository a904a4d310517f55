import { describe, expect, test } from 'bun:test'
import type { WakeResult } from '../index.ts'
import { ONE, publisherOn, READY, replicaOn } from '../testing/control-socket.ts'
import { temporarySocket } from '../testing/entries.ts'

describe('waking a micro', () => {
  test('asks once, however many wait', async () => {
    using socket = temporarySocket()
    await using publisher = await publisherOn(socket.path, [ONE])
    await using replica = await replicaOn(socket.path)
    const asked: string[] = []
    const answer = Promise.withResolvers<WakeResult>()
    publisher.onWake((instanceId, micro) => {
      asked.push(`${instanceId}/${micro}`)
      return answer.promise
    })
    const waiting = [replica.wake('one', 'web'), replica.wake('one', 'web'), replica.wake('one', 'api')]
    answer.resolve(READY)
    expect(await Promise.all(waiting)).toEqual([READY, READY, READY])
    expect(asked).toEqual(['one/web', 'one/api'])
    await replica.wake('one', 'web')
    expect(asked.length).toBe(3)
  })

  test('that fails in any way is an answer', async () => {
    using socket = temporarySocket()
    await using publisher = await publisherOn(socket.path, [ONE])
    await using replica = await replicaOn(socket.path)
    expect(await replica.wake('one', 'web')).toMatchObject({ kind: 'failed', reason: 'unavailable' })
    publisher.onWake(() => Promise.reject(new Error('broken')))
    expect(await replica.wake('one', 'web')).toMatchObject({ kind: 'failed', reason: 'unavailable' })
    publisher.onWake(() => new Promise(() => {}))
    const waiting = replica.wake('one', 'web')
    await replica.close()
    expect(await waiting).toMatchObject({ kind: 'failed', reason: 'unavailable' })
  })
})

test('the crash of a micro is asked of the platform, and no call waits for a platform that is gone', async () => {
  using socket = temporarySocket()
  const publisher = await publisherOn(socket.path, [ONE])
  await using replica = await replicaOn(socket.path)
  const crash = { message: 'exited with code 1', logTail: 'Error: boom' }
  publisher.onAskCrash(async (instanceId, micro) => (micro === 'web' ? crash : null))
  expect(await replica.askCrash('one', 'web')).toEqual(crash)
  expect(await replica.askCrash('one', 'api')).toBeNull()
  const asked = Promise.withResolvers<void>()
  publisher.onAskCrash(() => (asked.resolve(), new Promise(() => {})))
  const answer = replica.askCrash('one', 'web')
  await asked.promise
  await publisher.close()
  expect(await answer).toBeNull()
  expect(await replica.askCrash('one', 'web')).toBeNull()
})
