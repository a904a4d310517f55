import { describe, expect, test } from 'bun:test'
import { connect } from 'node:net'
import { once } from 'node:events'
import { DirectoryPublisher, DirectoryReplica, type Refusal } from './index.ts'
import { RefusalLog } from './replica/refusal-log.ts'
import { temporarySocket } from './testing/entries.ts'

const refusal = (id: string, path = '/admin'): Refusal => ({
  id,
  atMs: 1,
  instanceId: 'one',
  method: 'GET',
  origin: 'http://one.cloud.test',
  path,
  reason: 'no-credential',
  credential: 'none',
})

describe('the memory of refusals', () => {
  test('gives back what was noted, and nothing for another id', () => {
    const log = new RefusalLog()
    log.note(refusal('abc-1'))
    expect(log.find('abc-1')).toEqual(refusal('abc-1'))
    for (const id of ['abc-', 'abc-11', '', '"', 'abc-1"']) expect(log.find(id)).toBeNull()
  })

  test('keeps the last few thousand, and nothing that is long', () => {
    const log = new RefusalLog()
    for (let i = 0; i < 5_000; i++) log.note(refusal(`r-${i}`))
    expect(log.find('r-0')).toBeNull()
    expect(log.find('r-4999')).not.toBeNull()
    expect(log.find('r-1000')).not.toBeNull()
    log.note(refusal('long', `/${'a'.repeat(2_000)}`))
    expect(log.find('long')).toBeNull()
  })
})

describe('a refusal', () => {
  test('is found on whichever gateway it happened', async () => {
    using socket = temporarySocket()
    await using publisher = new DirectoryPublisher()
    await publisher.listen(socket.path)
    await using first = new DirectoryReplica()
    await using second = new DirectoryReplica()
    for (const gateway of [first, second]) gateway.connect(socket.path)
    await Promise.all([first.ready, second.ready])
    second.noteRefusal(refusal('abc-2'))
    expect(await publisher.findRefusal('abc-2')).toEqual(refusal('abc-2'))
    expect(await publisher.findRefusal('abc-3')).toBeNull()
  })

  test('is nowhere when there is no gateway', async () => {
    await using publisher = new DirectoryPublisher()
    expect(await publisher.findRefusal('abc-2')).toBeNull()
  })

  test('is not waited for when the gateway that was asked leaves', async () => {
    using socket = temporarySocket()
    await using publisher = new DirectoryPublisher()
    await publisher.listen(socket.path)
    const gateway = connect(socket.path)
    gateway.write('{"t":"hello","epoch":null,"version":0}\n')
    await once(gateway, 'data')
    const found = publisher.findRefusal('abc-2')
    gateway.destroy()
    expect(await found).toBeNull()
  })
})

test('gateways are given the secret that signs who is asking', async () => {
  using socket = temporarySocket()
  await using publisher = new DirectoryPublisher({ identitySecret: 's3cret' })
  await publisher.listen(socket.path)
  await using gateway = new DirectoryReplica()
  expect(gateway.identitySecret).toBeNull()
  gateway.connect(socket.path)
  await gateway.ready
  expect(gateway.identitySecret).toBe('s3cret')
})
