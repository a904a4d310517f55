import { describe, expect, test } from 'bun:test'
import { DataKeyReplica, DirectoryPublisher, type DirectoryChange } from './index.ts'
import { DataKeyStore } from './index/data-key-store.ts'
import { ONE, rawGateway, replicaOn } from './testing/control-socket.ts'
import { dataKey, key, temporarySocket } from './testing/entries.ts'

const put = (id: string, collectionId = 'notes'): DirectoryChange => ({
  op: 'dataKey.put',
  key: dataKey(id, collectionId),
})

async function dataReplicaOn(path: string) {
  const replica = new DataKeyReplica()
  replica.connect(path)
  await replica.ready
  return replica
}

async function publisherWith(path: string, changes: DirectoryChange[], data = 1) {
  const publisher = new DirectoryPublisher({ data, identitySecret: 'secret of identities' })
  await publisher.publish(changes)
  await publisher.listen(path)
  return publisher
}

describe('data keys', () => {
  test('reach the data process alone, and everything else gateways alone', async () => {
    using socket = temporarySocket()
    await using publisher = await publisherWith(socket.path, [
      ONE,
      put('a'),
      { op: 'key.put', key: key('a', 'one') },
    ])
    using data = await rawGateway(socket.path)
    data.send({ t: 'hello', as: 'data', epoch: null, version: 0 })
    await data.hears('loaded')
    using gateway = await rawGateway(socket.path)
    gateway.send({ t: 'hello', epoch: null, version: 0 })
    await gateway.hears('loaded')
    void publisher.publish([put('b')])
    void publisher.publish([{ op: 'key.put', key: key('b', 'one') }])
    await data.hears('delta')
    await gateway.hears('delta')
    const ops = ({ heard }: typeof data) =>
      heard.flatMap((message) => ('changes' in message ? message.changes.map(({ op }) => op) : []))
    expect(ops(data)).toEqual(['dataKey.put', 'dataKey.put'])
    expect(ops(gateway)).toEqual(['instance.put', 'key.put', 'key.put'])
    expect(JSON.stringify(data.heard)).not.toContain('secret of identities')
    expect(JSON.stringify(gateway.heard)).toContain('secret of identities')
  })

  test('hold, and are refused once revoked, when the call returns', async () => {
    using socket = temporarySocket()
    await using publisher = await publisherWith(socket.path, [put('a')])
    await using replica = await dataReplicaOn(socket.path)
    const revoked: (string | null)[] = []
    replica.onRevoked((collection) => revoked.push(collection))
    expect(replica.find('notes_secreta')).toEqual({
      id: 'dkey_a',
      collectionId: 'notes',
      mayWrite: true,
      bases: null,
      drives: null,
      expiresAtMs: null,
    })
    await publisher.publish([put('b'), { op: 'dataKey.delete', id: 'dkey_a' }])
    expect(replica.find('notes_secreta')).toBeNull()
    expect(replica.findById('dkey_b')?.id).toBe('dkey_b')
    expect(revoked).toEqual(['notes'])
  })

  test('resume after a broken connection without being loaded again', async () => {
    using socket = temporarySocket()
    await using publisher = await publisherWith(socket.path, [put('a')])
    using first = await rawGateway(socket.path)
    first.send({ t: 'hello', as: 'data', epoch: null, version: 0 })
    const loaded = await first.hears('loaded')
    const welcome = await first.hears('welcome')
    first[Symbol.dispose]()
    await publisher.publish([ONE])
    await publisher.publish([put('b')])
    using second = await rawGateway(socket.path)
    second.send({
      t: 'hello',
      as: 'data',
      epoch: 'epoch' in welcome ? welcome.epoch : null,
      version: 'version' in loaded ? loaded.version : 0,
    })
    await second.hears('loaded')
    expect(second.heard.map(({ t }) => t)).toEqual(['welcome', 'delta', 'loaded'])
  })
})

describe('a data process that does not answer', () => {
  test('does not delay changes that are not for it', async () => {
    using socket = temporarySocket()
    await using publisher = await publisherWith(socket.path, [ONE, put('a')])
    using stuck = await rawGateway(socket.path)
    stuck.send({ t: 'hello', as: 'data', epoch: null, version: 0 })
    await stuck.hears('loaded')
    await using gateway = await replicaOn(socket.path)
    await publisher.publish([{ op: 'key.put', key: key('a', 'one') }])
    expect(gateway.findKey('a_secret')?.id).toBe('key_a')
    expect(stuck.heard.some(({ t }) => t === 'delta')).toBe(false)
  })

  test('is cut off before a revoked key is reported as revoked', async () => {
    using socket = temporarySocket()
    await using publisher = await publisherWith(socket.path, [put('a')])
    using stuck = await rawGateway(socket.path)
    stuck.send({ t: 'hello', as: 'data', epoch: null, version: 0 })
    await stuck.hears('loaded')
    await publisher.publish([{ op: 'dataKey.delete', id: 'dkey_a' }])
    await stuck.hears('cut')
  })
})

test('a missing data process does not delay what takes a right from gateways only', async () => {
  using socket = temporarySocket()
  const publisher = new DirectoryPublisher({ gateways: 1, data: 1 })
  await using _ = publisher
  await publisher.publish([ONE, { op: 'key.put', key: key('a', 'one') }])
  await publisher.listen(socket.path)
  await using gateway = await replicaOn(socket.path)
  let isMissed = true
  const revoking = publisher.publish([put('a'), { op: 'dataKey.delete', id: 'dkey_a' }]).then(() => isMissed)
  await publisher.publish([{ op: 'key.delete', id: 'key_a' }])
  expect(gateway.findKey('a_secret')).toBeNull()
  isMissed = false
  expect(await revoking).toBe(false)
})

test('a narrowed key is announced, and an added one is not', () => {
  const store = new DataKeyStore()
  expect(store.put(dataKey('a', 'notes'))).toBeNull()
  expect(store.put(dataKey('a', 'notes', { mayWrite: false }))).toBe('notes')
  expect([...store.entries()]).toEqual([dataKey('a', 'notes', { mayWrite: false })])
  expect(store.delete('dkey_a')).toBe('notes')
  expect(store.delete('dkey_a')).toBeNull()
  expect(store.size).toBe(0)
})
