/** What the SDKs' own suites of Base send and compare (COMPAT 5.6), as calls. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { canonical } from './items/canonical.ts'
import type { Json, JsonObject } from './items/json.ts'
import { type TestBase, openTestBase } from './testing/test-base.ts'

setDefaultTimeout(60_000)

let base: TestBase
beforeAll(async () => void (base = await openTestBase()))
afterAll(() => base[Symbol.asyncDispose]())

const GENERATED = /^[a-z0-9]{12}$/

describe('put', () => {
  test.each<JsonObject & { key: string }>([
    { key: 'put-1', name: 'Wes', age: 27 },
    { key: 'put-2', value: 'dude' },
    { key: 'put-3', value: ['Namaskāra', 'hello'] },
    { key: 'put-4', value: null, isOn: true, nested: { a: { b: [] } } },
    { key: 'put-5', text: 'zero \0 and half \ud800', '\0\ud83d': ['\ufdd0', '💾'] },
    { key: '%@#//#!#)#$_ é 💾', value: 0 },
    { key: '__proto__', ['__proto__']: { a: 1 }, constructor: 'x' },
  ])('%j is stored and given back', async (item) => {
    const put = await base.call('PUT', '/items', { items: [item] })
    expect(put).toEqual({ status: 207, body: { processed: { items: [item] } } })
    expect(await base.call('GET', `/items/${encodeURIComponent(item.key)}`)).toEqual({
      status: 200,
      body: item,
    })
  })

  test('an item named by a slash, a dot or a percent sign is one item, decoded once', async () => {
    for (const key of ['a/b', 'a%2Fb', 'a%252Fb', '..', '.', ' ', '+', '@&=+$:']) {
      await base.call('PUT', '/items', { items: [{ key, is: key }] })
      expect(await base.call('GET', `/items/${encodeURIComponent(key)}`)).toEqual({
        status: 200,
        body: { key, is: key },
      })
    }
    // Go leaves these bare.
    expect((await base.call('GET', '/items/@&=+$:')).body).toEqual({ key: '@&=+$:', is: '@&=+$:' })
  })

  test('a key that is missing or empty is generated', async () => {
    const { body } = await base.call('PUT', '/items', { items: [{ value: 1 }, { key: '', value: 2 }] })
    const { items } = (body as { processed: { items: { key: string; value: number }[] } }).processed
    expect(items.map(({ value }) => value)).toEqual([1, 2])
    for (const { key } of items) expect(key).toMatch(GENERATED)
  })

  test('many items are echoed in the order of the request, and replace whole items', async () => {
    await base.call('PUT', '/items', { items: [{ key: 'many-9', old: true }] })
    const items = [9, 3, 7].map((at) => ({ key: `many-${at}`, at }))
    expect((await base.call('PUT', '/items', { items })).body).toEqual({ processed: { items } })
    expect((await base.call('GET', '/items/many-9')).body).toEqual({ key: 'many-9', at: 9 })
  })

  test.each([
    ['more than 25 items', Array.from({ length: 26 }, (_, at) => ({ key: `x${at}` }))],
    ['a key that is a number', [{ key: 'ok' }, { key: 7 }]],
    ['a key that is true', [{ key: true }]],
    ['a key that is null', [{ key: null }]],
    ['two items with one key', [{ key: 'ok' }, { key: 'ok' }]],
    ['an item of more than 400 KB', [{ key: 'ok' }, { key: 'large', text: 'x'.repeat(409_600) }]],
    ['an item that is no object', [{ key: 'ok' }, 'text']],
    ['a list as item', [{ key: 'ok' }, []]],
    ['an attribute without name', [{ key: 'ok' }, { '': 1 }]],
    ['a nested attribute without name', [{ key: 'ok' }, { a: [{ '': 1 }] }]],
    ['an expiry that is no number', [{ key: 'ok' }, { __expires: 'soon' }]],
    ['no item', []],
  ])('%s: 400, and nothing is stored', async (_, items) => {
    const { status, body } = await base.call('PUT', '/items', { items })
    expect(status).toBe(400)
    expect(body).toEqual({ errors: [expect.any(String)] })
    expect((await base.call('GET', '/items/ok')).status).toBe(404)
  })

  test('25 items, and an item of just 400 KB, are stored', async () => {
    const items = Array.from({ length: 25 }, (_, at) => ({ key: `full-${at}` }))
    expect((await base.call('PUT', '/items', { items })).status).toBe(207)
    const large = { key: 'large', text: '' }
    large.text = 'x'.repeat(409_600 - JSON.stringify(large).length)
    expect((await base.call('PUT', '/items', { items: [large] })).status).toBe(207)
    expect((await base.call('GET', '/items/large')).body).toEqual(large)
    await base.call('DELETE', '/items/large')
  })
})

describe('insert', () => {
  test('stores an item once', async () => {
    const item = { key: 'insert-1', name: 'a' }
    expect(await base.call('POST', '/items', { item })).toEqual({ status: 201, body: item })
    expect(await base.call('POST', '/items', { item: { ...item, name: 'b' } })).toEqual({
      status: 409,
      body: { errors: ['Key already exists'] },
    })
    expect((await base.call('GET', '/items/insert-1')).body).toEqual(item)
  })

  test('generates a key', async () => {
    const { status, body } = await base.call('POST', '/items', { item: { name: 'a' } })
    expect(status).toBe(201)
    expect(body).toEqual({ key: expect.stringMatching(GENERATED), name: 'a' })
  })

  test.each<[string, unknown]>([
    ['a key that is a number', { key: 3 }],
    ['a text', 'text'],
    ['nothing', undefined],
    ['more than 400 KB', { text: 'x'.repeat(409_600) }],
  ])('%s: 400', async (_, item) => {
    expect((await base.call('POST', '/items', { item })).status).toBe(400)
  })
})

describe('get and delete', () => {
  test('a missing item is 404 with its key, and deleting it is 200', async () => {
    expect(await base.call('GET', '/items/no%2Fitem')).toEqual({ status: 404, body: { key: 'no/item' } })
    expect(await base.call('DELETE', '/items/no%2Fitem')).toEqual({ status: 200, body: { key: 'no/item' } })
  })

  test('a deleted item is gone', async () => {
    await base.call('PUT', '/items', { items: [{ key: 'gone' }] })
    expect(await base.call('DELETE', '/items/gone')).toEqual({ status: 200, body: { key: 'gone' } })
    expect((await base.call('GET', '/items/gone')).status).toBe(404)
  })
})

describe('expiry', () => {
  const seconds = (more: number) => Math.floor(base.clock.now / 1_000) + more

  test('an item has its expiry in the answers, and vanishes at that second', async () => {
    const item = { key: 'ttl', __expires: seconds(300) }
    expect((await base.call('PUT', '/items', { items: [item] })).body).toEqual({
      processed: { items: [item] },
    })
    expect((await base.call('GET', '/items/ttl')).body).toEqual(item)
    const { now } = base.clock
    base.clock.now = item.__expires * 1_000 - 1
    expect((await base.call('GET', '/items/ttl')).status).toBe(200)
    base.clock.now = item.__expires * 1_000
    expect((await base.call('GET', '/items/ttl')).status).toBe(404)
    expect((await base.call('POST', '/query', { query: [{ key: 'ttl' }] })).body).toEqual({
      paging: { size: 0 },
      items: [],
    })
    expect((await base.call('PATCH', '/items/ttl', { set: { a: 1 } })).status).toBe(404)
    expect((await base.call('POST', '/items', { item: { key: 'ttl' } })).status).toBe(201)
    base.clock.now = now
    expect((await base.call('GET', '/items/ttl')).body).toEqual({ key: 'ttl' })
  })

  test('an expired item can be stored, and is not there', async () => {
    expect((await base.call('PUT', '/items', { items: [{ key: 'past', __expires: 1 }] })).status).toBe(207)
    expect((await base.call('GET', '/items/past')).status).toBe(404)
  })

  test('an update keeps the expiry, sets it and deletes it', async () => {
    await base.call('PUT', '/items', { items: [{ key: 'kept', __expires: seconds(9), n: 1 }] })
    await base.call('PATCH', '/items/kept', { increment: { n: 1 } })
    expect((await base.call('GET', '/items/kept')).body).toEqual({ key: 'kept', __expires: seconds(9), n: 2 })
    await base.call('PATCH', '/items/kept', { set: { __expires: seconds(60) } })
    expect((await base.call('GET', '/items/kept')).body).toEqual({
      key: 'kept',
      __expires: seconds(60),
      n: 2,
    })
    await base.call('PATCH', '/items/kept', { delete: ['__expires'] })
    expect((await base.call('GET', '/items/kept')).body).toEqual({ key: 'kept', n: 2 })
  })
})

describe('fetch', () => {
  const where = { base: 'fetch' }
  const one = {
    key: 'fetch-key-1',
    name: 'Wesley',
    user_age: 27,
    hometown: 'San Francisco',
    email: 'wesley@deta.sh',
  }
  const two = {
    key: 'fetch-key-2',
    name: 'Beverly',
    user_age: 51,
    hometown: 'Copernicus City',
    email: 'beverly@deta.sh',
  }
  const three = {
    key: 'fetch-key-3',
    name: 'Kevin Garnett',
    user_age: 43,
    hometown: 'Greenville',
    email: 'kevin@email.com',
  }
  beforeAll(() => base.call('PUT', '/items', { items: [three, one, two] }, where))

  test.each<[unknown, object[]]>([
    [[{ key: 'fetch-key-1' }], [one]],
    [[{ 'key?pfx': 'fetch' }], [one, two, three]],
    [[{ 'key?>': 'fetch-key-2' }], [three]],
    [[{ 'key?<': 'fetch-key-2' }], [one]],
    [[{ 'key?>=': 'fetch-key-2' }], [two, three]],
    [[{ 'key?<=': 'fetch-key-2' }], [one, two]],
    [[{ 'key?ne': 'fetch-key-2' }], [one, three]],
    [[{ 'key?r': ['fetch-key-1', 'fetch-key-3'] }], [one, two, three]],
    [
      [
        { 'key?>=': 'fetch-key-1', 'user_age?>': 40, 'user_age?<': 50 },
        { 'key?gte': 'fetch-key-1', 'user_age?<': 40 },
      ],
      [one, three],
    ],
    [
      [{ name: 'Wesley' }, { user_age: 51 }],
      [one, two],
    ],
    [[{ 'user_age?lt': 30 }], [one]],
    [[{ user_age: 27 }], [one]],
    [[{ user_age: 27, name: 'Wesley' }], [one]],
    [[{ user_age: 27, name: 'Beverly' }], []],
    [[{ 'user_age?gt': 27 }], [two, three]],
    [[{ 'user_age?lte': 43 }], [one, three]],
    [[{ 'user_age?gte': 43 }], [two, three]],
    [[{ 'hometown?pfx': 'San' }], [one]],
    [[{ 'user_age?r': [20, 45] }], [one, three]],
    [[{ 'email?contains': '@email.com' }], [three]],
    [[{ 'email?not_contains': '@deta.sh' }], [three]],
    [[{ 'email?!contains': '@deta.sh' }], [three]],
    [
      [{ 'user_age?gt': 50 }, { hometown: 'Greenville' }],
      [two, three],
    ],
    [[{ 'user_age?ne': 51 }], [one, three]],
    [[{ missing: 'x' }], []],
    [[{}], [one, two, three]],
    [[], [one, two, three]],
    [null, [one, two, three]],
    [undefined, [one, two, three]],
    [
      [{ user_age: 27 }, {}],
      [one, two, three],
    ],
  ])('%j', async (query, items) => {
    expect(await base.call('POST', '/query', { query }, where)).toEqual({
      status: 200,
      body: { paging: { size: items.length }, items },
    })
  })

  test.each<[object, string | undefined, object[]]>([
    [{ query: [{ name: 'Wesley' }], limit: 1 }, undefined, [one]],
    [{ query: [{ 'user_age?ne': 51 }], limit: 1 }, 'fetch-key-1', [one]],
    [{ query: [{ 'user_age?ne': 51 }], limit: 1, last: 'fetch-key-1' }, undefined, [three]],
    [{ query: [{ 'user_age?gt': 50 }, { hometown: 'Greenville' }], limit: 2 }, undefined, [two, three]],
    [{ query: [], limit: 2 }, 'fetch-key-2', [one, two]],
    [{ query: [{}], limit: 2 }, 'fetch-key-2', [one, two]],
    [{ query: [{}], limit: 3 }, undefined, [one, two, three]],
    [{ limit: 3 }, undefined, [one, two, three]],
    [{ sort: 'desc', limit: 2 }, 'fetch-key-2', [three, two]],
    [{ sort: 'desc', limit: 2, last: 'fetch-key-2' }, undefined, [one]],
    [{ sort: 'asc', last: 'fetch-key-2' }, undefined, [three]],
    [{ last: 'fetch-key-15' }, undefined, [two, three]],
    [{ sort: '', last: '', limit: null, query: null }, undefined, [one, two, three]],
    [{ last: null }, undefined, [one, two, three]],
    [{ query: [{ 'key?pfx': 'fetch' }], sort: 'desc', limit: 1 }, 'fetch-key-3', [three]],
  ])('%j', async (body, last, items) => {
    expect(await base.call('POST', '/query', body, where)).toEqual({
      status: 200,
      body: { paging: { size: items.length, ...(last === undefined ? {} : { last }) }, items },
    })
  })

  test.each<[unknown]>([
    [[{ 'key?': 'x' }]],
    [[{ 'key??': 'x' }]],
    [[{ 'key?pfx': 12 }]],
    [[{ 'key?r': [] }]],
    [[{ 'key?r': ['x'] }]],
    [[{ 'key?r': 'Hello world' }]],
    [[{ 'key?r': ['x', 1] }]],
    [[{ 'key?>': 12 }]],
    [[{ 'key?>=': 12 }]],
    [[{ 'key?<': 12 }]],
    [[{ 'key?<=': 12 }]],
    [[{ key: 12 }]],
    [[{ key: null }]],
    [[{ 'key?random': 'x' }]],
    [[{ 'key?contains': 'x' }]],
    [[{ 'key?!contains': 'x' }]],
    [[{ 'key?not_contains': 'x' }]],
    [[{ 'key?<=': 'x' }, { key: 'x' }]],
    [[{ 'key?<=': 'x' }, { 'key?<=': 'y' }]],
    [[{ user_age: 27 }, { 'key?<=': 'x' }]],
    [[{ 'key?<=': 'x' }, {}]],
    [[{ user_age: 27, key: 'x', 'key?>': 'y' }, { 'key?<=': 'x' }]],
    [[{ key: 'x', 'key?>': 'y' }]],
    [[{ 'name?': 'x' }]],
    [[{ 'name??': 'x' }]],
    [[{ 'name?eq?': 'x' }]],
    [[{ '?': 'x' }]],
    [[{ '': 'x' }]],
    [[{ 'a..b': 'x' }]],
    [[{ '.a': 'x' }]],
    [[{ 'user_age?r': [] }]],
    [[{ 'user_age?r': [21] }]],
    [[{ 'user_age?r': [1, 2, 3] }]],
    [[{ 'user_age?r': 'ab' }]],
    [[{ 'name?random': 'x' }]],
    [[{ 'name?constructor': 'x' }]],
    [[{ 'name?pfx': 12 }]],
    [[{ 'name?lt': true }]],
    ['text'],
    [[1]],
    [[null]],
  ])('%j is a bad query', async (query) => {
    expect(await base.call('POST', '/query', { query }, where)).toEqual({
      status: 400,
      body: { errors: ['Bad query'] },
    })
  })

  test.each([{ limit: 0 }, { limit: -1 }, { limit: 1.5 }, { limit: '3' }, { sort: 'up' }, { last: 7 }])(
    '%j is refused',
    async (body) => {
      expect((await base.call('POST', '/query', body, where)).status).toBe(400)
    },
  )

  test('a base that was never written is empty', async () => {
    expect((await base.call('POST', '/query', {}, { collection: 'never' })).body).toEqual({
      paging: { size: 0 },
      items: [],
    })
    expect(await base.service.names('never')).toEqual([])
    expect(await base.service.size('never')).toBe(0)
  })

  test('the Python suite', async () => {
    const where = { base: 'python' }
    const items = [
      { key: 'existing1', value: 'test' },
      { key: 'existing2', value: 7 },
      { key: 'existing3', value: 44 },
      { key: 'existing4', value: { name: 'patrick' } },
      { key: '%@#//#!#)#$_', value: 0, list: ['a'] },
    ]
    await base.call('PUT', '/items', { items }, where)
    const fetch = async (body: object) =>
      (await base.call('POST', '/query', { last: null, sort: '', ...body }, where)).body
    const found = (...at: number[]) => at.map((index) => items[index])
    expect(await fetch({ query: [{ 'value?gte': 7 }] })).toEqual({ paging: { size: 2 }, items: found(1, 2) })
    expect(await fetch({ query: [{ 'value?gte': 7 }], limit: 1 })).toEqual({
      paging: { size: 1, last: 'existing2' },
      items: found(1),
    })
    const either = [{ 'value?gt': 6 }, { 'value?lt': 50 }]
    expect(await fetch({ query: either, limit: 2 })).toEqual({
      paging: { size: 2, last: 'existing2' },
      items: found(4, 1),
    })
    expect(await fetch({ query: either, limit: 2, last: 'existing2' })).toEqual({
      paging: { size: 1 },
      items: found(2),
    })
    expect(await fetch({ query: [{ 'value.name': 'patrick' }] })).toEqual({
      paging: { size: 1 },
      items: found(3),
    })
    expect(await fetch({ query: [{ 'value?gte': 7 }], sort: 'desc' })).toEqual({
      paging: { size: 2 },
      items: found(2, 1),
    })
  })
})

describe('update', () => {
  const USER = {
    key: 'user',
    username: 'jimmy',
    profile: { age: 32, active: false, hometown: 'pittsburgh' },
    on_mobile: true,
    likes: ['anime'],
    dislikes: ['comedy'],
    purchases: 1,
  }
  const EMPTY = { set: {}, increment: {}, append: {}, prepend: {}, delete: [] }

  test('all parts together, as the JavaScript suite sends them', async () => {
    await base.call('PUT', '/items', { items: [USER] })
    const parts = {
      set: { 'profile.age': 33, 'profile.active': true, 'profile.email': 'jimmy@deta.sh' },
      increment: { purchases: 2 },
      append: { likes: ['ramen'] },
      prepend: { dislikes: ['action'] },
      delete: ['profile.hometown', 'on_mobile'],
    }
    expect(await base.call('PATCH', '/items/user', parts)).toEqual({
      status: 200,
      body: { key: 'user', ...parts },
    })
    const next = {
      key: 'user',
      username: 'jimmy',
      profile: { age: 33, active: true, email: 'jimmy@deta.sh' },
      likes: ['anime', 'ramen'],
      dislikes: ['action', 'comedy'],
      purchases: 3,
    }
    expect((await base.call('GET', '/items/user')).body).toEqual(next)
    await base.call('PATCH', '/items/user', {
      ...EMPTY,
      increment: { purchases: -1 },
      prepend: { dislikes: ['romcom'] },
    })
    expect((await base.call('GET', '/items/user')).body).toEqual({
      ...next,
      purchases: 2,
      dislikes: ['romcom', 'action', 'comedy'],
    })
  })

  test('the answer has the parts that were sent', async () => {
    await base.call('PUT', '/items', { items: [USER] })
    expect((await base.call('PATCH', '/items/user', { ...EMPTY, set: { a: 1 } })).body).toEqual({
      key: 'user',
      ...EMPTY,
      set: { a: 1 },
    })
    expect((await base.call('PATCH', '/items/user', { increment: { new: 5 } })).body).toEqual({
      key: 'user',
      increment: { new: 5 },
    })
    expect((await base.call('GET', '/items/user')).body).toEqual({ ...USER, a: 1, new: 5 })
  })

  test('names like those of every object are names like others', async () => {
    await base.call('PUT', '/items', { items: [{ key: 'user', n: { x: 1 } }] })
    const set = JSON.parse('{"__proto__": {"a": 1}, "constructor": 2, "n.__proto__": 3}')
    expect((await base.call('PATCH', '/items/user', { set })).status).toBe(200)
    const { body } = await base.call('GET', '/items/user')
    const expected = '{"__proto__":{"a":1},"constructor":2,"key":"user","n":{"__proto__":3,"x":1}}'
    expect(JSON.stringify(canonical(body as Json))).toBe(expected)
    expect((await base.call('PATCH', '/items/user', { set: { 'toString.a': 1 } })).status).toBe(400)
  })

  test('an item that does not exist is 404', async () => {
    expect(await base.call('PATCH', '/items/none', { set: { a: 1 } })).toEqual({
      status: 404,
      body: { errors: ['Key not found'] },
    })
  })

  test.each<[string, unknown]>([
    ['nothing', {}],
    ['empty parts', EMPTY],
    ['no object', []],
    ['set of the key', { set: { key: 'x' } }],
    ['delete of the key', { set: { a: 1 }, delete: ['key'] }],
    ['append to the key', { append: { key: ['x'] } }],
    ['prepend to the key', { prepend: { key: ['x'] } }],
    ['increment of the key', { increment: { key: 1 } }],
    ['something inside the key', { set: { 'key.a': 1 } }],
    ['set and delete of one attribute', { set: { username: 1 }, delete: ['username'] }],
    ['set and increment of one attribute', { set: { purchases: 1 }, increment: { purchases: 1 } }],
    ['append and prepend to one list', { append: { likes: [1] }, prepend: { likes: [1] } }],
    ['delete of one attribute twice', { delete: ['likes', 'likes'] }],
    ['an attribute and something inside it', { set: { profile: {}, 'profile.age': 1 } }],
    ['a deleted parent', { set: { 'profile.age': 1 }, delete: ['profile'] }],
    ['a missing parent', { set: { 'no.age': 1 } }],
    ['a parent that is a text', { set: { 'username.a': 1 } }],
    ['a parent that is a list', { set: { 'likes.0': 1 } }],
    ['increment of a text', { increment: { username: 1 } }],
    ['increment by a text', { increment: { purchases: '1' } }],
    ['append to a text', { append: { username: ['x'] } }],
    ['append of a text', { append: { likes: 'x' } }],
    ['delete of a number', { delete: [1] }],
    ['delete of an object', { delete: { likes: 1 } }],
    ['set of a list', { set: [1] }],
    ['an attribute without name', { set: { 'profile.': 1 } }],
    ['a nested attribute without name', { set: { a: { '': 1 } } }],
    ['more than 400 KB in the end', { set: { text: 'x'.repeat(409_500) } }],
    ['an expiry that is no number', { set: { __expires: 'soon' } }],
  ])('%s: 400, and nothing changes', async (_, update) => {
    await base.call('PUT', '/items', { items: [USER] })
    const { status, body } = await base.call('PATCH', '/items/user', update)
    expect(status).toBe(400)
    expect(body).toEqual({ errors: [expect.any(String)] })
    expect((await base.call('GET', '/items/user')).body).toEqual(USER)
  })
})

test('a key that may only read changes nothing', async () => {
  await base.call('PUT', '/items', { items: [{ key: 'mine' }] })
  const where = { mayWrite: false }
  for (const [method, path] of [
    ['PUT', '/items'],
    ['POST', '/items'],
    ['PATCH', '/items/mine'],
    ['DELETE', '/items/mine'],
  ] as const)
    expect((await base.call(method, path, { set: { a: 1 } }, where)).status).toBe(403)
  expect(await base.call('GET', '/items/mine', undefined, where)).toEqual({
    status: 200,
    body: { key: 'mine' },
  })
  expect((await base.call('POST', '/query', { query: [{ key: 'mine' }] }, where)).status).toBe(200)
})

test('bases and collections have their own items', async () => {
  await base.call(
    'PUT',
    '/items',
    { items: [{ key: 'k', of: 1 }] },
    { base: 'it\'s "quoted"', collection: 'other' },
  )
  await base.call('PUT', '/items', { items: [{ key: 'k', of: 2 }] }, { base: 'b', collection: 'other' })
  expect(await base.service.names('other')).toEqual(['b', 'it\'s "quoted"'])
  const found = await base.call(
    'POST',
    '/query',
    { query: [{ of: 1 }] },
    { base: 'it\'s "quoted"', collection: 'other' },
  )
  expect(found.body).toEqual({ paging: { size: 1 }, items: [{ key: 'k', of: 1 }] })
  expect((await base.call('GET', '/items/k', undefined, { base: 'c', collection: 'other' })).status).toBe(404)
  expect((await base.call('GET', '/items/k', undefined, { base: 'b', collection: 'third' })).status).toBe(404)
})
