import { statSync } from 'node:fs'
import { describe, expect, test } from 'bun:test'
import { createRandom } from '../access/testing/random.ts'
import { DirectoryReplica, type DirectoryChange } from './index.ts'
import { ONE, publisherOn, rawGateway, READY, replicaOn } from './testing/control-socket.ts'
import { key, session, temporarySocket } from './testing/entries.ts'

const keyChange = (id: string): DirectoryChange => ({ op: 'key.put', key: key(id, 'one') })
const KEY = keyChange('a')

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
    const keys = Array.from({ length: 20_000 }, (_, i) => keyChange(`k${i}`))
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

  test('that cannot be applied is refused, and gateways are loaded again', async () => {
    using socket = temporarySocket()
    await using publisher = await publisherOn(socket.path, [ONE])
    using gateway = await rawGateway(socket.path)
    gateway.send({ t: 'hello', epoch: null, version: 0 })
    await gateway.hears('loaded')
    await expect(
      publisher.publish([{ op: 'key.put', key: { ...key('a', 'one'), digest: 'x' } }]),
    ).rejects.toThrow('too short')
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

  test('that does not answer is cut off, and delays no change for longer', async () => {
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

  test('that was lost is awaited before a right is reported as revoked', async () => {
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
