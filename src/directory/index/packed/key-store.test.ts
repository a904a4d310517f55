import { describe, expect, test } from 'bun:test'
import { createRandom } from '../../../access/testing/random.ts'
import type { KeyEntry } from '../../index.ts'
import { KeyStore } from './key-store.ts'
import { key } from '../../testing/entries.ts'

const storeOf = (...keys: KeyEntry[]): KeyStore => {
  const store = new KeyStore()
  for (const one of keys) store.put(one)
  return store
}

describe('a key', () => {
  test('is found by its token and its id', () => {
    const store = storeOf(key('abc', 'inst_1', { name: 'Zweitschlüssel 🔑' }))
    const grant = {
      id: 'key_abc',
      name: 'Zweitschlüssel 🔑',
      instanceId: 'inst_1',
      expiresAtMs: null,
      scope: null,
    }
    expect(store.find('abc_secret')).toEqual(grant)
    expect(store.findById('key_abc')).toEqual(grant)
  })

  test.each([
    '',
    '_',
    'abc',
    'abc_',
    '_secret',
    'abc_Secret',
    'ABC_secret',
    'abc_secret ',
    ' abc_secret',
    'key_abc_secret',
    'abd_secret',
    'x'.repeat(10_000),
  ])('is not found by %p', (token) => expect(storeOf(key('abc', 'inst_1')).find(token)).toBeNull())

  test('put again is another one, and tells whose it was', () => {
    const store = storeOf(key('abc', 'inst_1'))
    expect(store.put(key('abc', 'inst_2', { digest: key('new', '').digest }))).toBe('inst_1')
    expect(store.find('abc_secret')).toBeNull()
    expect(store.findById('key_abc')?.instanceId).toBe('inst_2')
    expect(store.size).toBe(1)
  })

  test('deleted is gone, and tells whose it was', () => {
    const store = storeOf(key('abc', 'inst_1'), key('def', 'inst_1'))
    expect(store.delete('key_abc')).toBe('inst_1')
    expect(store.delete('key_abc')).toBeNull()
    expect(store.find('abc_secret')).toBeNull()
    expect(store.find('def_secret')).not.toBeNull()
  })

  test('keeps its limits', () => {
    const limits = { micros: ['api'], methods: ['POST'], paths: ['/hook', '/x/*'], expiresAtMs: 5 }
    const found = storeOf(key('abc', 'inst_1', limits)).find('abc_secret')
    expect(found).toMatchObject({ expiresAtMs: 5, scope: { micros: ['api'], methods: ['POST'] } })
    expect(found?.scope?.paths?.judge('/x/1').kind).toBe('public')
    expect(found?.scope?.paths?.judge('/y').kind).toBe('private')
  })

  test('with limits is never taken for one without, also after it was put again', () => {
    const store = storeOf(key('abc', 'inst_1', { methods: [] }))
    expect(store.find('abc_secret')?.scope?.methods).toEqual([])
    store.put(key('abc', 'inst_1'))
    expect(store.find('abc_secret')?.scope).toBeNull()
    store.put(key('abc', 'inst_1', { expiresAtMs: 0 }))
    expect(store.find('abc_secret')).toMatchObject({ expiresAtMs: 0, scope: null })
  })

  test('for pages is found by instance and origin, as long as it is there', () => {
    const forPages = (id: string, instanceId: string, ...origins: string[]) =>
      key(id, instanceId, { origins })
    const store = storeOf(
      forPages('a', 'inst_1', 'https://a.test', 'https://b.test'),
      forPages('b', 'inst_1', 'https://b.test'),
      forPages('c', 'inst_2', 'https://b.test'),
      key('d', 'inst_1'),
    )
    const found = (origin: string, instanceId = 'inst_1') =>
      store.findForOrigin(instanceId, origin).map(({ id }) => id)
    expect(found('https://b.test')).toEqual(['key_a', 'key_b'])
    expect(found('https://a.test')).toEqual(['key_a'])
    expect(found('https://a.test', 'inst_2')).toEqual([])
    expect(found('null')).toEqual([])
    expect(store.find('a_secret')).toMatchObject({
      origins: ['https://a.test', 'https://b.test'],
      scope: null,
    })
    store.delete('key_a')
    store.put(key('b', 'inst_1'))
    store.deleteInstance('inst_2')
    expect([found('https://b.test'), found('https://b.test', 'inst_2')]).toEqual([[], []])
  })

  test('of an instance that is deleted goes with it', () => {
    const store = storeOf(key('a', 'inst_1'), key('b', 'inst_2'), key('c', 'inst_1'))
    store.deleteInstance('inst_1')
    store.deleteInstance('inst_9')
    expect([...store.entries()].map(({ id }) => id)).toEqual(['key_b'])
  })

  test.each(['abc', 'key_', 'key', 'key_ü', `key_${'x'.repeat(300)}`])('cannot have the id %p', (id) => {
    expect(() => storeOf({ ...key('abc', 'inst_1'), id })).toThrow()
  })

  test('cannot have half a digest', () => {
    expect(() => storeOf(key('abc', 'inst_1', { digest: 'abc' }))).toThrow('too short')
  })

  test('with a long name keeps what fits, in whole characters', () => {
    const name = storeOf(key('abc', 'inst_1', { name: 'ü'.repeat(400) })).findById('key_abc')?.name
    expect(name).toBe('ü'.repeat(127))
  })
})

test('what is listed makes the same store again', () => {
  const store = storeOf(
    key('a', 'inst_1'),
    key('b', 'inst_2', { paths: ['/x'], expiresAtMs: 9, origins: ['https://a.test'] }),
  )
  const copy = storeOf(...store.entries())
  expect([...copy.entries()]).toEqual([...store.entries()])
  expect(copy.find('b_secret')).toMatchObject({ id: 'key_b', expiresAtMs: 9, origins: ['https://a.test'] })
})

test('a key that is deleted while others are listed leaves the list whole', () => {
  const store = storeOf(...Array.from({ length: 20_000 }, (_, i) => key(`k${i}`, `inst_${i % 7}`)))
  const listed = new Set<string>()
  for (const { id } of store.entries()) {
    listed.add(id)
    if (listed.size === 10) for (let i = 0; i < 19_000; i++) store.delete(`key_k${i}`)
  }
  expect(store.size).toBe(1_000)
  for (let i = 19_000; i < 20_000; i++) expect(listed.has(`key_k${i}`)).toBe(true)
})

test('after any changes it holds what a map would hold', () => {
  const random = createRandom(3)
  const store = new KeyStore()
  const model = new Map<string, KeyEntry>()
  for (let round = 0; round < 60_000; round++) {
    const id = `k${random.int(1_500)}`
    const one = key(id, `inst_${random.int(40)}`, {
      name: 'n'.repeat(random.int(300)),
      expiresAtMs: random.int(4) || null,
    })
    const isPut = random.int(100) < (round < 30_000 ? 70 : 30)
    const before = model.get(one.id)?.instanceId ?? null
    expect(isPut ? store.put(one) : store.delete(one.id)).toBe(before)
    if (isPut) model.set(one.id, one)
    else model.delete(one.id)
  }
  expect(store.size).toBe(model.size)
  for (let i = 0; i < 1_500; i++) {
    const expected = model.get(`key_k${i}`)
    const { name, instanceId, expiresAtMs } = expected ?? {}
    const found = store.find(`k${i}_secret`)
    if (expected === undefined) expect(found).toBeNull()
    else expect(found).toMatchObject({ id: expected.id, name: name?.slice(0, 255), instanceId, expiresAtMs })
  }
  expect(new Set([...store.entries()].map(({ id }) => id))).toEqual(new Set(model.keys()))
})

test('a hundred thousand keys take less than 64 bytes each', () => {
  const store = new KeyStore()
  for (let i = 0; i < 100_000; i++)
    store.put({
      ...key('', `inst_${i % 5_000}`),
      id: `key_${String(i).padStart(16, '0')}`,
      name: 'my script',
    })
  expect(store.byteLength / store.size).toBeLessThan(64)
})
