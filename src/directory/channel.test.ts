import { statSync } from 'node:fs'
import { connect } from 'node:net'
import { describe, expect, test } from 'bun:test'
import { createRandom } from '../access/testing/random.ts'
import type { ToGateway, ToPlatform } from './channel.ts'
import { DirectoryPublisher, DirectoryReplica, type DirectoryChange, type WakeResult } from './index.ts'
import { JsonLines } from './json-lines.ts'
import { instance, key, micro, session, temporarySocket } from './testing/entries.ts'

const ONE: DirectoryChange = {
  op: 'instance.put',
  instance: instance('one', {
    micros: [micro('web', '/', { publicRoutes: ['/ping'] }), micro('api', '/api')],
  }),
}
const KEY: DirectoryChange = { op: 'key.put', key: key('a', 'one') }
const READY: WakeResult = { kind: 'ready', address: { host: '127.0.0.1', port: 8080 } }

const keyChange = (id: string): DirectoryChange => ({ op: 'key.put', key: key(id, 'one') })

async function publisherOn(
  path: string,
  changes: DirectoryChange[],
  gateways = 0,
): Promise<DirectoryPublisher> {
  const publisher = new DirectoryPublisher({ gateways })
  await publisher.publish(changes)
  await publisher.listen(path)
  return publisher
}

async function replicaOn(path: string): Promise<DirectoryReplica> {
  const replica = new DirectoryReplica()
  replica.connect(path)
  await replica.ready
  return replica
}

/** A gateway's end of the socket without anything behind it: keeps what it hears, and says what it is told to. */
async function rawGateway(path: string) {
  const heard: ToGateway[] = []
  const listeners = new Set<() => void>()
  const { promise: closed, resolve: onClose } = Promise.withResolvers<void>()
  const socket = connect(path)
  const lines = new JsonLines<ToGateway, ToPlatform>(socket, {
    onMessage: (message) => {
      heard.push(message)
      for (const listener of listeners) listener()
    },
    onClose: () => onClose(),
  })
  await new Promise<void>((connected) => socket.once('connect', connected))
  const hears = (kind: ToGateway['t']) =>
    new Promise<ToGateway>((resolve) => {
      const look = () => {
        const found = heard.find(({ t }) => t === kind)
        if (found === undefined) return
        listeners.delete(look)
        resolve(found)
      }
      listeners.add(look)
      look()
    })
  return {
    heard,
    hears,
    closed,
    send: (message: ToPlatform) => lines.send(message),
    socket,
    [Symbol.dispose]: () => lines.destroy(),
  }
}

describe('a published change', () => {
  test('holds on every gateway when the call returns', async () => {
    using socket = temporarySocket()
    await using publisher = await publisherOn(socket.path, [ONE])
    await using first = await replicaOn(socket.path)
    await using second = await replicaOn(socket.path)
    for (let round = 0; round < 50; round++) {
      const id = `a${round}`
      await publisher.publish([
        { op: 'key.put', key: key(id, 'one') },
        { op: 'session.put', session: session(id, 'one') },
      ])
      for (const replica of [first, second]) {
        expect(replica.findKey(`${id}_secret`)?.id).toBe(`key_${id}`)
        expect(replica.findSession(`secret of ${id}`, 'one')?.id).toBe(`ses_${id}`)
      }
      await publisher.publish([
        { op: 'key.delete', id: `key_${id}` },
        { op: 'session.delete', id: `ses_${id}` },
      ])
      for (const replica of [first, second]) {
        expect(replica.findKey(`${id}_secret`)).toBeNull()
        expect(replica.findSession(`secret of ${id}`, 'one')).toBeNull()
      }
    }
  })

  test('holds also while everything is being loaded', async () => {
    using socket = temporarySocket()
    const keys = Array.from({ length: 20_000 }, (_, i): DirectoryChange => ({
      op: 'key.put',
      key: key(`k${i}`, 'one'),
    }))
    await using publisher = await publisherOn(socket.path, [ONE, ...keys])
    await using replica = new DirectoryReplica()
    replica.connect(socket.path)
    const random = createRandom(9)
    const deleted = Array.from({ length: 300 }, () => `k${random.int(20_000)}`)
    for (const id of deleted) {
      await publisher.publish([{ op: 'key.delete', id: `key_${id}` }])
      expect(replica.findKey(`${id}_secret`)).toBeNull()
    }
    await replica.ready
    for (let i = 0; i < 20_000; i++)
      expect(replica.findKey(`k${i}_secret`) === null).toBe(deleted.includes(`k${i}`))
  })

  test('that cannot be applied is refused, and gateways begin anew', async () => {
    using socket = temporarySocket()
    await using publisher = await publisherOn(socket.path, [ONE])
    using gateway = await rawGateway(socket.path)
    gateway.send({ t: 'hello', epoch: null, version: 0 })
    await gateway.hears('loaded')
    expect(publisher.publish([{ op: 'key.put', key: { ...key('a', 'one'), digest: 'x' } }])).rejects.toThrow(
      'too short',
    )
    await gateway.hears('cut')
    await gateway.closed
  })
})

describe('a gateway', () => {
  test('that comes back gets only what it missed', async () => {
    using socket = temporarySocket()
    await using publisher = await publisherOn(socket.path, [ONE])
    using before = await rawGateway(socket.path)
    before.send({ t: 'hello', epoch: null, version: 0 })
    const welcome = await before.hears('welcome')
    const loaded = await before.hears('loaded')
    const epoch = welcome.t === 'welcome' ? welcome.epoch : ''
    const version = loaded.t === 'loaded' ? loaded.version : -1
    before.socket.destroy()
    await before.closed
    await publisher.publish([KEY])
    using after = await rawGateway(socket.path)
    after.send({ t: 'hello', epoch, version })
    await after.hears('loaded')
    expect(after.heard).toEqual([
      { t: 'welcome', epoch, mode: 'resume' },
      { t: 'delta', version: version + 1, changes: [KEY] },
      { t: 'loaded', version: version + 1 },
    ])
  })

  test.each([
    ['of another run of the platform', 'another', 1],
    ['that claims to be ahead', null, 99],
  ])('%s gets everything', async (_, epoch, version) => {
    using socket = temporarySocket()
    await using _publisher = await publisherOn(socket.path, [ONE, KEY])
    using gateway = await rawGateway(socket.path)
    gateway.send({ t: 'hello', epoch, version })
    await gateway.hears('loaded')
    expect(gateway.heard.map(({ t }) => t)).toEqual(['welcome', 'load', 'loaded'])
  })

  test('hears nothing before it has said what it has', async () => {
    using socket = temporarySocket()
    await using publisher = await publisherOn(socket.path, [ONE])
    using gateway = await rawGateway(socket.path)
    gateway.send({ t: 'ping', id: 1 })
    await gateway.hears('pong')
    const publishing = publisher.publish([KEY])
    gateway.send({ t: 'hello', epoch: null, version: 0 })
    await gateway.hears('loaded')
    expect(gateway.heard.map(({ t }) => t)).toEqual(['pong', 'welcome', 'load', 'loaded'])
    gateway.send({ t: 'ack', version: 2 })
    await publishing
  })

  test('that does not answer is cut off, and holds nobody up for longer', async () => {
    using socket = temporarySocket()
    await using publisher = await publisherOn(socket.path, [ONE, KEY])
    await using replica = await replicaOn(socket.path)
    using silent = await rawGateway(socket.path)
    silent.send({ t: 'hello', epoch: null, version: 0 })
    await silent.hears('loaded')
    await publisher.publish([{ op: 'key.delete', id: 'key_a' }])
    expect(replica.findKey('a_secret')).toBeNull()
    await silent.closed
    expect(silent.heard.at(-1)).toEqual({ t: 'cut' })
  })

  test('that was lost is waited for before a right is said to be gone', async () => {
    using socket = temporarySocket()
    await using publisher = await publisherOn(socket.path, [ONE, KEY])
    const lost = await rawGateway(socket.path)
    lost.send({ t: 'hello', epoch: null, version: 0 })
    await lost.hears('loaded')
    lost.send({ t: 'ack', version: 1 })
    lost.socket.destroy()
    await lost.closed
    const deleting = publisher.publish([{ op: 'key.delete', id: 'key_a' }])
    await using replica = new DirectoryReplica()
    replica.connect(socket.path)
    await deleting
    expect(replica.locate('one.cloud.test', '/').kind).toBe('micro')
    expect(replica.findKey('a_secret')).toBeNull()
  })

  test('that says what is no JSON is not listened to', async () => {
    using socket = temporarySocket()
    await using _publisher = await publisherOn(socket.path, [ONE])
    using gateway = await rawGateway(socket.path)
    gateway.socket.write('{"t":"hello"\n')
    await gateway.closed
  })
})

describe('when the platform restarts', () => {
  test('apps are served all the while, and what changed holds when the new one says so', async () => {
    using socket = temporarySocket()
    const first = await publisherOn(socket.path, [ONE, KEY])
    await using replica = await replicaOn(socket.path)
    const recheck = new Promise<string | null>((resolve) => void replica.onRevoked(resolve))
    await first.close()
    expect(replica.locate('one.cloud.test', '/ping').kind).toBe('micro')
    expect(replica.findKey('a_secret')?.id).toBe('key_a')

    await using second = await publisherOn(socket.path, [ONE, KEY], 1)
    await second.publish([{ op: 'key.delete', id: 'key_a' }])
    expect(replica.findKey('a_secret')).toBeNull()
    expect(replica.locate('one.cloud.test', '/ping').kind).toBe('micro')
    expect(await recheck).toBeNull()
  })

  test('what is taken away while everything is loaded again is gone at once', async () => {
    using socket = temporarySocket()
    const changes = [ONE, ...Array.from({ length: 20_000 }, (_, i) => keyChange(`k${i}`))]
    const first = await publisherOn(socket.path, changes)
    await using replica = await replicaOn(socket.path)
    void replica.wake('one', 'web')
    await first.close()
    await using second = await publisherOn(socket.path, changes)
    // The replica asks again right after it has said hello: now it is being sent everything.
    await new Promise<void>((asked) =>
      second.onWake(() => {
        asked()
        return Promise.resolve(READY)
      }),
    )
    await second.publish([{ op: 'key.delete', id: 'key_k19999' }])
    expect(replica.findKey('k19999_secret')).toBeNull()
    expect(replica.findKey('k0_secret')).not.toBeNull()
  })

  test('a micro that was asked for is asked for again', async () => {
    using socket = temporarySocket()
    const first = await publisherOn(socket.path, [ONE])
    const asked = Promise.withResolvers<void>()
    first.onWake(() => {
      asked.resolve()
      return new Promise(() => {})
    })
    await using replica = await replicaOn(socket.path)
    const waking = replica.wake('one', 'web')
    await asked.promise
    await first.close()
    await using second = await publisherOn(socket.path, [ONE])
    second.onWake(() => Promise.resolve(READY))
    expect(await waking).toEqual(READY)
  })
})

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

test('uses are counted and reported', async () => {
  using socket = temporarySocket()
  await using publisher = await publisherOn(socket.path, [ONE])
  const reported = new Promise((resolve) => publisher.onUse(resolve))
  const replica = await replicaOn(socket.path)
  const use = { kind: 'rule', instanceId: 'one', id: 'web /ping' } as const
  for (let i = 0; i < 3; i++) replica.noteUse(use)
  replica.noteUse({ kind: 'key', instanceId: 'one', id: 'key_a' })
  await replica.close()
  expect(await reported).toEqual([
    { ...use, count: 3, lastAtMs: expect.any(Number) },
    { kind: 'key', instanceId: 'one', id: 'key_a', count: 1, lastAtMs: expect.any(Number) },
  ])
})

test('the socket is for its owner only', async () => {
  using socket = temporarySocket()
  await using _publisher = await publisherOn(socket.path, [])
  expect(statSync(socket.path).mode & 0o777).toBe(0o600)
})

test('a gateway that has nothing yet decides nothing', async () => {
  await using replica = new DirectoryReplica()
  expect(replica.locate('one.cloud.test', '/')).toEqual({ kind: 'not-current' })
})

test('where a request goes', async () => {
  using socket = temporarySocket()
  await using _publisher = await publisherOn(socket.path, [ONE])
  await using replica = await replicaOn(socket.path)
  const at = (host: string, path: string) => {
    const location = replica.locate(host, path)
    return location.kind === 'micro' ? `${location.micro.name} ${location.path}` : location.kind
  }
  expect(at('one.cloud.test', '/')).toBe('web /')
  expect(at('ONE.cloud.test:7070', '/api')).toBe('api /')
  expect(at('one.cloud.test', '/api/')).toBe('api /')
  expect(at('one.cloud.test', '/api/x/y')).toBe('api /x/y')
  expect(at('one.cloud.test', '/api//x')).toBe('api //x')
  for (const path of ['/apix', '/api../x', '/API/x', '/api%2fx', '/api;/x', '//api/x'])
    expect(at('one.cloud.test', path)).toBe(`web ${path}`)
  expect(at('two.cloud.test', '/')).toBe('unknown-host')
  expect(at('one.cloud.test.evil.example', '/')).toBe('unknown-host')
})

test('how a micro crashed is asked of the platform, and nobody waits for one that is gone', async () => {
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
