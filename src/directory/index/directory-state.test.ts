import { describe, expect, test } from 'bun:test'
import { DirectoryState } from './directory-state.ts'
import type { DirectoryChange } from '../index.ts'
import { instance, key, micro, session } from '../testing/entries.ts'

function stateOf(...changes: DirectoryChange[]): DirectoryState {
  const state = new DirectoryState()
  for (const change of changes) state.apply(change)
  return state
}

const put = (id: string, more = {}): DirectoryChange => ({ op: 'instance.put', instance: instance(id, more) })

/** The id of the instance that a host leads to. */
function instanceAt(state: DirectoryState, host: string): string | null {
  const place = state.locate(host, '/')
  return place.kind === 'micro' ? place.instance.id : null
}

describe('hosts', () => {
  test('are found in every spelling, and no others', () => {
    const state = stateOf(put('one', { hosts: ['one.cloud.test', 'custom.example'] }))
    expect(instanceAt(state, 'ONE.cloud.test.:443')).toBe('one')
    expect(instanceAt(state, 'custom.example')).toBe('one')
    expect(instanceAt(state, 'cloud.test')).toBeNull()
    expect(instanceAt(state, 'x.one.cloud.test')).toBeNull()
    expect(instanceAt(state, 'one.cloud.test.evil.example')).toBeNull()
    expect(instanceAt(state, '')).toBeNull()
  })

  test('that an instance gave up are not found any more', () => {
    const state = stateOf(put('one', { hosts: ['a.test', 'b.test'] }), put('one', { hosts: ['b.test'] }))
    expect(instanceAt(state, 'a.test')).toBeNull()
    expect(instanceAt(state, 'b.test')).toBe('one')
  })

  test('that moved to another instance stay there, in any order of changes', () => {
    const state = stateOf(
      put('one', { hosts: ['a.test'] }),
      put('two', { hosts: ['a.test'] }),
      put('one', { hosts: [] }),
    )
    expect(instanceAt(state, 'a.test')).toBe('two')
    state.apply({ op: 'instance.delete', id: 'one' })
    expect(instanceAt(state, 'a.test')).toBe('two')
  })
})

describe('sessions', () => {
  test('are good for their own instance only', () => {
    const state = stateOf({ op: 'session.put', session: session('a', 'one') })
    expect(state.findSession('secret of a', 'one')?.id).toBe('ses_a')
    expect(state.findSession('secret of a', 'two')).toBeNull()
    expect(state.findSession('secret of b', 'one')).toBeNull()
    expect(state.findSession('x'.repeat(100_000), 'one')).toBeNull()
  })

  test('that get a new secret lose the old one', () => {
    const state = stateOf(
      { op: 'session.put', session: session('a', 'one') },
      { op: 'session.put', session: { ...session('a', 'one'), digest: session('b', '').digest } },
    )
    expect(state.findSession('secret of a', 'one')).toBeNull()
    expect(state.findSession('secret of b', 'one')?.id).toBe('ses_a')
  })
})

test('the internal key is the instance’s own', () => {
  const state = stateOf(put('one'), put('two'))
  expect(state.findInternalKey('internal of one', 'one')).toBe(instance('one').internalKeyDigest)
  expect(state.findInternalKey('internal of one', 'two')).toBeNull()
  expect(state.findInternalKey('internal of unknown', 'unknown')).toBeNull()
  expect(state.findInternalKey('', 'one')).toBeNull()
})

test('an instance that is deleted takes its sessions and keys with it', () => {
  const state = stateOf(
    put('one'),
    put('two'),
    { op: 'session.put', session: session('a', 'one') },
    { op: 'session.put', session: session('b', 'two') },
    { op: 'key.put', key: key('a', 'one') },
    { op: 'key.put', key: key('b', 'two') },
    { op: 'instance.delete', id: 'one' },
  )
  expect([...state.changes()].map(({ op }) => op)).toEqual(['instance.put', 'session.put', 'key.put'])
  expect(state.findSession('secret of a', 'one')).toBeNull()
  expect(state.keys.find('a_secret')).toBeNull()
})

test('upstreams change in place, and only those of processes', () => {
  const fixed = { kind: 'static', root: '/srv', spaFallback: false } as const
  const state = stateOf(
    put('one', { micros: [micro('web', '/', { upstream: fixed }), micro('api', '/api')] }),
  )
  const address = { host: '127.0.0.1', port: 1 }
  for (const [instanceId, name] of [
    ['one', 'api'],
    ['one', 'web'],
    ['none', 'web'],
  ] as const)
    expect(state.apply({ op: 'upstream.set', instanceId, micro: name, address })).toBeNull()
  expect(state.instance('one')?.micros.map(({ upstream }) => upstream)).toEqual([
    fixed,
    { kind: 'process', address },
  ])
})

test('keys that arrive before their instances belong to them, in any order of changes', () => {
  const keys = ['a', 'b', 'c'].map((id) => ({ op: 'key.put', key: key(id, `of ${id}`) }) as const)
  const state = stateOf(...keys, put('of c'), put('of a'))
  const listed = [...state.changes()].map((change) =>
    change.op === 'instance.put' ? change.instance.id : change.op,
  )
  expect(listed).toEqual(['of a', 'of c', 'key.put', 'key.put', 'key.put'])
  expect(state.apply({ op: 'instance.delete', id: 'of b' })).toBeNull()
  state.apply({ op: 'instance.delete', id: 'of a' })
  expect(['a', 'b', 'c'].map((id) => state.findKey(`${id}_secret`)?.instanceId)).toEqual([
    undefined,
    'of b',
    'of c',
  ])
  expect(stateOf(...state.changes()).instance('of c')?.id).toBe('of c')
})

test('what it lists makes the same state again', () => {
  const state = stateOf(
    put('one', { micros: [micro('web', '/'), micro('api', '/api')] }),
    { op: 'upstream.set', instanceId: 'one', micro: 'api', address: { host: 'h', port: 2 } },
    { op: 'session.put', session: session('a', 'one') },
    { op: 'key.put', key: key('a', 'one', { micros: ['api'] }) },
  )
  const copy = stateOf(...state.changes())
  expect([...copy.changes()]).toEqual([...state.changes()])
  expect(copy.instance('one')?.micros[1]?.upstream).toEqual({
    kind: 'process',
    address: { host: 'h', port: 2 },
  })
})

test('what may take a right away names the instance, what only gives does not', () => {
  const state = new DirectoryState()
  const apply = (change: DirectoryChange) => state.apply(change)
  expect(apply(put('one'))).toBeNull()
  expect(apply({ op: 'session.put', session: session('a', 'one') })).toBeNull()
  expect(apply({ op: 'key.put', key: key('a', 'one') })).toBeNull()
  expect(apply({ op: 'upstream.set', instanceId: 'one', micro: 'web', address: null })).toBeNull()
  expect(apply(put('one'))).toBe('one')
  expect(apply({ op: 'session.put', session: session('a', 'one') })).toBe('one')
  expect(apply({ op: 'key.put', key: key('a', 'one') })).toBe('one')
  expect(apply({ op: 'session.delete', id: 'ses_a' })).toBe('one')
  expect(apply({ op: 'key.delete', id: 'key_a' })).toBe('one')
  expect(apply({ op: 'instance.delete', id: 'one' })).toBe('one')
  expect(apply({ op: 'instance.delete', id: 'one' })).toBeNull()
})

test('rules are compiled for the whole app: the primary’s for another micro are there', () => {
  const state = stateOf(
    put('one', { micros: [micro('web', '/', { publicRoutes: ['/api/hook'] }), micro('api', '/api')] }),
  )
  const [web, api] = state.instance('one')?.micros ?? []
  expect(web?.rules.judge('/api/hook').kind).toBe('private')
  expect(api?.rules.judge('/hook').kind).toBe('public')
})
