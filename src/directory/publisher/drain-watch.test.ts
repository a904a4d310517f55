import { describe, expect, test } from 'bun:test'
import { ONE, publisherOn, rawGateway, replicaOn } from '../testing/control-socket.ts'
import { temporarySocket } from '../testing/entries.ts'

const ADDRESS = { host: '127.0.0.1', port: 1 }
const never = () => new AbortController().signal

function watched(promise: Promise<void>) {
  const state = { isDone: false, done: promise.then(() => void (state.isDone = true)) }
  return state
}

describe('an address is drained', () => {
  test('at once where no gateway is expected', async () => {
    using socket = temporarySocket()
    await using publisher = await publisherOn(socket.path, [ONE], 0)
    await publisher.untilDrained(ADDRESS, never())
  })

  test('when every gateway has reported it', async () => {
    using socket = temporarySocket()
    await using publisher = await publisherOn(socket.path, [ONE], 2)
    await using one = await replicaOn(socket.path)
    await using two = await replicaOn(socket.path)
    const asked: unknown[] = []
    const unused = Promise.withResolvers<void>()
    const secondAsked = Promise.withResolvers<void>()
    one.reportDrained(async (address) => void asked.push(address))
    two.reportDrained((address) => {
      asked.push(address)
      secondAsked.resolve()
      return unused.promise
    })
    const drained = watched(publisher.untilDrained(ADDRESS, never()))
    await secondAsked.promise
    // An answer to a later question shows that the first gateway's report has arrived.
    await publisher.activeMicros()
    expect([asked, drained.isDone]).toEqual([[ADDRESS, ADDRESS], false])
    unused.resolve()
    await drained.done
  })

  test('not while a gateway is missing, and its successor is asked', async () => {
    using socket = temporarySocket()
    await using publisher = await publisherOn(socket.path, [ONE])
    const gateway = await rawGateway(socket.path)
    gateway.send({ t: 'hello', epoch: null, version: 0 })
    await gateway.hears('loaded')
    const drained = watched(publisher.untilDrained(ADDRESS, never()))
    await gateway.hears('drain')
    gateway[Symbol.dispose]()
    expect(drained.isDone).toBe(false)
    await using _next = await replicaOn(socket.path)
    await drained.done
  })

  test('when the wait for it is given up', async () => {
    using socket = temporarySocket()
    await using publisher = await publisherOn(socket.path, [ONE])
    const bound = new AbortController()
    const drained = publisher.untilDrained(ADDRESS, bound.signal)
    bound.abort()
    await drained
    await publisher.untilDrained(ADDRESS, bound.signal)
  })
})
