import { expect, test } from 'bun:test'
import type { Grant, Principal } from '../../access/index.ts'
import { DirectoryState } from '../index/directory-state.ts'
import { isGrantValid } from './grant-check.ts'
import type { DirectoryChange, InstanceEntry } from '../index.ts'
import { instance, key, micro, session } from '../testing/entries.ts'

const NOW_MS = 1_000
const CUSTOM = 'notes.example.org'
const ONE: InstanceEntry = instance('one', {
  hosts: ['one.cloud.test', CUSTOM],
  micros: [micro('web', '/', { publicRoutes: ['/live'] })],
})
const put = (more: Partial<InstanceEntry>): DirectoryChange => ({
  op: 'instance.put',
  instance: { ...ONE, ...more },
})

const PRINCIPALS: Record<Principal['kind'], Principal> = {
  anonymous: { kind: 'anonymous', rule: { pattern: '/live', from: 'web' } },
  key: { kind: 'key', id: 'key_a', name: 'a' },
  app: { kind: 'app', keyDigest: ONE.internalKeyDigest },
  user: { kind: 'user', userId: 'usr_owner', sessionId: 'ses_a' },
}

/** Whose streams on `/live` stay open after a change. */
function survivorsOf(change: DirectoryChange): string[] {
  const state = new DirectoryState()
  state.apply(put({}))
  state.apply({ op: 'session.put', session: session('a', 'one', { expiresAtMs: NOW_MS + 1 }) })
  state.apply({ op: 'key.put', key: key('a', 'one') })
  state.apply(change)
  const grant: Omit<Grant, 'principal'> = {
    host: CUSTOM,
    instanceId: 'one',
    micro: 'web',
    path: '/live',
    method: 'GET',
  }
  return Object.values(PRINCIPALS)
    .filter((principal) => isGrantValid(state, { ...grant, principal }, NOW_MS))
    .map(({ kind }) => kind)
}

const ALL = ['anonymous', 'key', 'app', 'user']
const without = (...kinds: string[]) => ALL.filter((kind) => !kinds.includes(kind))

test.each<[what: string, change: DirectoryChange, survivors: string[]]>([
  ['nothing that matters', put({ appName: 'Other' }), ALL],
  ['the domain is gone', put({ hosts: ['one.cloud.test'] }), []],
  ['the rule is gone', put({ micros: [micro('web', '/')] }), without('anonymous')],
  [
    'a private rule came',
    put({ micros: [micro('web', '/', { publicRoutes: ['/*'], privateRoutes: ['/live'] })] }),
    without('anonymous'),
  ],
  ['another rule opens it', put({ micros: [micro('web', '/', { publicRoutes: ['/*'] })] }), ALL],
  [
    'keys are switched off',
    put({ micros: [micro('web', '/', { publicRoutes: ['/live'], apiKeys: false })] }),
    without('key'),
  ],
  ['the micro is gone', put({ micros: [micro('main', '/')] }), []],
  ['the person is gone', put({ userIds: ['usr_other'] }), without('user')],
  [
    'the internal key is another',
    put({ internalKeyDigest: instance('two').internalKeyDigest }),
    without('app'),
  ],
  ['the instance is gone', { op: 'instance.delete', id: 'one' }, []],
  ['the session ended', { op: 'session.delete', id: 'ses_a' }, without('user')],
  [
    'the session expired',
    { op: 'session.put', session: session('a', 'one', { expiresAtMs: NOW_MS }) },
    without('user'),
  ],
  [
    'the session is another person’s',
    { op: 'session.put', session: session('a', 'one', { userId: 'usr_other' }) },
    without('user'),
  ],
  ['the session moved', { op: 'session.put', session: session('a', 'two') }, without('user')],
  ['the key is deleted', { op: 'key.delete', id: 'key_a' }, without('key')],
  ['the key expired', { op: 'key.put', key: key('a', 'one', { expiresAtMs: NOW_MS }) }, without('key')],
  [
    'the key is limited to elsewhere',
    { op: 'key.put', key: key('a', 'one', { paths: ['/other'] }) },
    without('key'),
  ],
  [
    'the key is limited to here',
    { op: 'key.put', key: key('a', 'one', { paths: ['/l*'], methods: ['GET'], micros: ['web'] }) },
    ALL,
  ],
])('%s', (_, change, survivors) => {
  expect(survivorsOf(change)).toEqual(survivors)
})
