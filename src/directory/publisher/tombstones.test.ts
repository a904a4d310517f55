import { describe, expect, test } from 'bun:test'
import { DirectoryPublisher, DirectoryReplica, type DirectoryChange } from '../index.ts'
import { Tombstones } from './tombstones.ts'
import { dataKey, instance, key, session, temporarySocket } from '../testing/entries.ts'

const put = {
  session: { op: 'session.put', session: session('a', 'one') },
  key: { op: 'key.put', key: key('a', 'one') },
  dataKey: { op: 'dataKey.put', key: dataKey('a', 'notes') },
  instance: { op: 'instance.put', instance: instance('one') },
} as const satisfies Record<string, DirectoryChange>

describe('what was deleted', () => {
  test.each([
    ['a session', { op: 'session.delete', id: 'ses_a' }, put.session],
    ['a key', { op: 'key.delete', id: 'key_a' }, put.key],
    ['a data key', { op: 'dataKey.delete', id: 'dkey_a' }, put.dataKey],
    ['an instance', { op: 'instance.delete', id: 'one' }, put.instance],
    ['a session of an instance that is gone', { op: 'instance.delete', id: 'one' }, put.session],
    ['a key of an instance that is gone', { op: 'instance.delete', id: 'one' }, put.key],
  ] as const)('does not live again when its addition comes late: %s', (_, deletion, addition) => {
    const ended = new Tombstones()
    expect(ended.admit([addition])).toEqual([addition])
    expect(ended.admit([deletion])).toEqual([deletion])
    expect(ended.admit([addition])).toEqual([])
    expect(ended.admit([deletion, addition])).toEqual([deletion])
  })

  test('is remembered while thousands of others end, and not for ever', () => {
    const ended = new Tombstones()
    ended.admit([{ op: 'session.delete', id: 'ses_a' }])
    const others = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ op: 'session.delete', id: `ses_${count}_${i}` }) as const)
    ended.admit(others(8_000))
    expect(ended.admit([put.session])).toEqual([])
    ended.admit(others(20_000))
    expect(ended.admit([put.session])).toEqual([put.session])
  })
})

test('a sign-out that is published before the sign-in it ends leaves no session on any gateway', async () => {
  using socket = temporarySocket()
  await using publisher = new DirectoryPublisher()
  await publisher.publish([put.instance])
  await publisher.listen(socket.path)
  await using early = new DirectoryReplica()
  early.connect(socket.path)
  await early.ready
  await publisher.publish([{ op: 'session.delete', id: 'ses_a' }])
  await publisher.publish([put.session])
  await using late = new DirectoryReplica()
  late.connect(socket.path)
  await late.ready
  expect([early.findSession('secret of a', 'one'), late.findSession('secret of a', 'one')]).toEqual([
    null,
    null,
  ])
})
