/** What a hostile or careless client sends: a clear error of COMPAT's shape, or the exact value back. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { type TestBase, openTestBase } from './testing/test-base.ts'

setDefaultTimeout(60_000)

let base: TestBase
beforeAll(async () => void (base = await openTestBase()))
afterAll(() => base[Symbol.asyncDispose]())

const raw = async (method: string, path: string, body: BodyInit | null) => {
  const response = await base.send(method, path, body)
  return { status: response.status, body: (await response.json()) as unknown }
}
const refused = { status: 400, body: { errors: [expect.any(String)] } }

describe('bodies', () => {
  test.each<[string, BodyInit | null]>([
    ['nothing', null],
    ['no JSON', 'items'],
    ['half a JSON text', '{"items":[{"key":"a"'],
    ['two JSON texts', '{"items":[]}{"items":[]}'],
    ['NaN', '{"items":[{"key":"a","n":NaN}]}'],
    ['Infinity', '{"items":[{"key":"a","n":Infinity}]}'],
    ['a number beyond any', '{"items":[{"key":"a","n":1e999}]}'],
    ['a whole number that would change', '{"items":[{"key":"a","n":12345678901234567891}]}'],
    [
      'bytes that are no UTF-8',
      new Uint8Array([...Buffer.from('{"items":[{"key":"'), 0xff, ...Buffer.from('"}]}')]),
    ],
    ['a list', '[]'],
    ['items that are an object', '{"items":{}}'],
    ['items of every object', '{"__proto__":{"items":[{"key":"a"}]}}'],
  ])('%s: 400', async (_, body) => {
    expect(await raw('PUT', '/items', body)).toEqual(refused)
  })

  test('1,000,000 lists inside each other: 400', async () => {
    const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000)
    expect(await raw('PUT', '/items', `{"items":[{"key":"a","deep":${deep}}]}`)).toEqual(refused)
    expect(await raw('POST', '/query', `{"query":[{"a":${deep}}]}`)).toEqual(refused)
  })

  test('200 levels are stored, 201 are not', async () => {
    const deep = (levels: number) =>
      `{"items":[{"key":"deep","deep":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}]}`
    expect((await raw('PUT', '/items', deep(200))).status).toBe(207)
    expect(await raw('PUT', '/items', deep(201))).toEqual(refused)
  })

  test('a request of more than 16 MB: 400, with and without a length', async () => {
    const large = `{"items":[],"more":"${'x'.repeat(16 * 1_024 * 1_024)}"}`
    expect(await raw('PUT', '/items', large)).toEqual(refused)
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(1_000_000).fill(32)),
    })
    expect(await raw('PUT', '/items', stream)).toEqual(refused)
  })

  test('numbers come back as they were sent', async () => {
    const numbers = [0, -1, 1.5, 0.1 + 0.2, 2 ** 53, -(2 ** 63), 1e21, 1.7976931348623157e308, 5e-324]
    await base.call('PUT', '/items', { items: [{ key: 'numbers', numbers }] })
    expect((await base.call('GET', '/items/numbers')).body).toEqual({ key: 'numbers', numbers })
    const python = '{"items":[{"key":"python","n":100000000000000000,"x":1.0,"y":-0.0}]}'
    expect((await raw('PUT', '/items', python)).status).toBe(207)
    expect((await base.call('GET', '/items/python')).body).toEqual({ key: 'python', n: 1e17, x: 1, y: 0 })
  })

  test('of two members with one name, the last one counts', async () => {
    const twice = '{"items":[{"key":"a","key":"twice","n":1,"n":2}]}'
    expect((await raw('PUT', '/items', twice)).status).toBe(207)
    expect((await base.call('GET', '/items/twice')).body).toEqual({ key: 'twice', n: 2 })
  })
})

describe('addresses', () => {
  test.each([
    ['GET', '/', 404],
    ['GET', '', 404],
    ['GET', '/items/', 404],
    ['GET', '/item/x', 404],
    ['GET', '/query', 405],
    ['GET', '/items', 405],
    ['POST', '/items/x', 405],
    ['TRACE', '/items/x', 405],
    ['constructor', '/items/x', 405],
    ['GET', '/items/%ff', 400],
    ['GET', '/items/%', 400],
    ['GET', '/items/%00', 404],
    ['GET', `/items/${'x'.repeat(10_000)}`, 404],
    ['DELETE', `/items/${'x'.repeat(10_000)}`, 200],
    ['PATCH', `/items/${'x'.repeat(10_000)}`, 400],
  ])('%s %s: %i', async (method, path, status) => {
    const init = { method: method === 'TRACE' || method === 'constructor' ? 'OPTIONS' : method, path }
    const body = method === 'PATCH' ? { set: { a: 1 } } : undefined
    expect((await base.call(init.method, init.path, body)).status).toBe(status)
  })

  test('a key of 2,048 bytes is stored, a longer one is not', async () => {
    const key = 'é'.repeat(1_024)
    expect((await base.call('PUT', '/items', { items: [{ key }] })).status).toBe(207)
    expect((await base.call('GET', `/items/${encodeURIComponent(key)}`)).body).toEqual({ key })
    expect(await base.call('PUT', '/items', { items: [{ key: `${key}x` }] })).toEqual(refused)
  })

  test('the name of a base has 1 to 512 bytes', async () => {
    for (const name of ['', 'x'.repeat(513)])
      expect(await base.call('GET', '/items/x', undefined, { base: name })).toEqual(refused)
  })
})

describe('queries', () => {
  const where = { base: 'hostile' }
  const NAMES = [
    '"',
    '""',
    "'",
    "a'b",
    '`',
    '[0]',
    '$',
    '$a',
    '\\',
    '\\"',
    '💾',
    '#',
    '*',
    '%',
    '--',
    ');drop table documents;',
    '\n',
    '\u2028',
    '0',
    '@',
    '\0',
    '\ud800',
    '\ufdd0',
  ]

  test.each(NAMES)('an attribute named %j is found by its name, also inside another', async (name) => {
    const item = { key: 'it', [name]: { [name]: [name], n: 1 } }
    await base.call('PUT', '/items', { items: [item, { key: 'other', [`${name}x`]: 1 }] }, where)
    const find = async (query: object) => {
      const { body } = await base.call('POST', '/query', { query: [query] }, where)
      return (body as { items: { key: string }[] }).items.map(({ key }) => key)
    }
    expect(await find({ [`${name}.n`]: 1 })).toEqual(['it'])
    expect(await find({ [`${name}.${name}`]: [name] })).toEqual(['it'])
    expect(await find({ [`${name}.${name}?contains`]: name })).toEqual(['it'])
    expect(await find({ [name]: item[name] })).toEqual(['it'])
    expect(await find({ [`${name}.n?gt`]: 0 })).toEqual(['it'])
    expect(await find({ [`${name}.n?ne`]: 1 })).toEqual(['other'])
  })

  test('types are never mixed up, and objects are equal in any order of their members', async () => {
    const where = { base: 'types' }
    const values = [
      null,
      true,
      false,
      0,
      1,
      '',
      '0',
      '1',
      'true',
      'null',
      [],
      [1],
      ['1'],
      {},
      { a: 1, b: [2] },
      '[1]',
      '{}',
      [[1]],
      { a: null },
    ]
    const items = values.map((value, at) => ({ key: String(at).padStart(2, '0'), value }))
    await base.call('PUT', '/items', { items: [...items, { key: 'none' }] }, where)
    for (const item of items)
      expect((await base.call('POST', '/query', { query: [{ value: item.value }] }, where)).body).toEqual({
        paging: { size: 1 },
        items: [item],
      })
    const turned = await base.call('POST', '/query', { query: [{ value: { b: [2], a: 1 } }] }, where)
    expect(turned.body).toEqual({ paging: { size: 1 }, items: [{ key: '14', value: { a: 1, b: [2] } }] })
  })

  test('lists are not entered by a number', async () => {
    await base.call('PUT', '/items', { items: [{ key: 'list', list: ['x'] }] }, { base: 'list' })
    const { body } = await base.call('POST', '/query', { query: [{ 'list.0': 'x' }] }, { base: 'list' })
    expect(body).toEqual({ paging: { size: 0 }, items: [] })
  })

  test('keys and texts are in the order of their UTF-8 bytes', async () => {
    const where = { base: 'order' }
    const keys = ['A', 'a', 'aa', 'b', 'é', '\uff5e', '💾']
    await base.call('PUT', '/items', { items: keys.toReversed().map((key) => ({ key, text: key })) }, where)
    const found = async (body: object) =>
      ((await base.call('POST', '/query', body, where)).body as { items: { key: string }[] }).items.map(
        ({ key }) => key,
      )
    expect(await found({})).toEqual(keys)
    expect(await found({ query: [{ 'text?gt': '\uff5e' }] })).toEqual(['💾'])
    expect(await found({ query: [{ 'key?gt': 'é' }] })).toEqual(['\uff5e', '💾'])
    expect(await found({ query: [{ 'text?pfx': 'a' }] })).toEqual(['a', 'aa'])
    expect(await found({ query: [{ 'text?pfx': '' }] })).toEqual(keys)
  })

  test('10,000 conditions are refused, 300 are answered', async () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, at) => ({ [`f${at}`]: at, [`g${at}?gt`]: at }))
    expect(await base.call('POST', '/query', { query: many(5_000) }, where)).toEqual(refused)
    expect((await base.call('POST', '/query', { query: many(150) }, where)).status).toBe(200)
    const all = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`f${at}?contains`, 'x']))
    expect((await base.call('POST', '/query', { query: [all] }, where)).status).toBe(200)
    expect(
      (await base.call('POST', '/query', { query: Array.from({ length: 10_000 }, () => ({})) }, where))
        .status,
    ).toBe(400)
  })

  test('a limit beyond any is the end of the base or of a page', async () => {
    const { status } = await base.call('POST', '/query', { limit: Number.MAX_SAFE_INTEGER }, where)
    expect(status).toBe(200)
  })
})

test('a page ends before it is large, and `last` leads to the rest', async () => {
  const where = { base: 'large' }
  const items = Array.from({ length: 8 }, (_, at) => ({ key: `k${at}`, text: 'x'.repeat(300_000) }))
  for (const item of items) await base.call('PUT', '/items', { items: [item] }, where)
  const keys: string[] = []
  let pages = 0
  for (let last: string | undefined = ''; last !== undefined; pages += 1) {
    const { body } = await base.call('POST', '/query', { last }, where)
    const page = body as { paging: { size: number; last?: string }; items: { key: string }[] }
    expect(page.paging.size).toBe(page.items.length)
    keys.push(...page.items.map(({ key }) => key))
    last = page.paging.last
  }
  expect(keys).toEqual(items.map(({ key }) => key))
  expect(pages).toBe(2)
})

test('calls of one key at the same time: one insert succeeds, and no increment is lost', async () => {
  const inserts = await Promise.all(
    Array.from({ length: 20 }, (_, at) => base.call('POST', '/items', { item: { key: 'race', at } })),
  )
  expect(inserts.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 19 }, () => 409)])
  await Promise.all(
    Array.from({ length: 50 }, () => base.call('PATCH', '/items/race', { increment: { n: 1 } })),
  )
  expect((await base.call('GET', '/items/race')).body).toMatchObject({ key: 'race', n: 50 })
})
