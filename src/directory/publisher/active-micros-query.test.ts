import { describe, expect, test } from 'bun:test'
import { ONE, publisherOn, rawGateway, replicaOn } from '../testing/control-socket.ts'
import { temporarySocket } from '../testing/entries.ts'

describe('micros in use', () => {
  const WEB = { instanceId: 'one', micro: 'web' }
  const API = { instanceId: 'one', micro: 'api' }

  test('are what any gateway says', async () => {
    using socket = temporarySocket()
    await using publisher = await publisherOn(socket.path, [ONE])
    await using one = await replicaOn(socket.path)
    await using two = await replicaOn(socket.path)
    one.reportActive(() => [WEB])
    two.reportActive(() => [API])
    const active = (await publisher.activeMicros())!.map(({ micro }) => micro)
    expect(active.toSorted()).toEqual(['api', 'web'])
  })

  test('are not known while a gateway is missing', async () => {
    using socket = temporarySocket()
    await using publisher = await publisherOn(socket.path, [ONE], 2)
    await using _one = await replicaOn(socket.path)
    expect(await publisher.activeMicros()).toBeNull()
    await using _two = await replicaOn(socket.path)
    expect(await publisher.activeMicros()).toEqual([])
  })

  test('are not known when a gateway leaves without an answer', async () => {
    using socket = temporarySocket()
    await using publisher = await publisherOn(socket.path, [ONE])
    const gateway = await rawGateway(socket.path)
    gateway.send({ t: 'hello', epoch: null, version: 0 })
    await gateway.hears('loaded')
    const active = publisher.activeMicros()
    await gateway.hears('ask-active')
    gateway[Symbol.dispose]()
    expect(await active).toBeNull()
  })
})
