/** Calls that one client makes as expensive as it can: they are refused, or done in slices that leave room for others. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { Step } from './documents.ts'
import { parseQuery } from './query/parse-query.ts'
import { DEFAULT_BASE_LIMITS } from './limits.ts'
import { type TestBase, isOnPostgres, openTestBase } from './testing/test-base.ts'

setDefaultTimeout(60_000)

let base: TestBase
beforeAll(async () => void (base = await openTestBase({ limits: { pageMs: 60_000 } })))
afterAll(() => base[Symbol.asyncDispose]())

const refused = { status: 400, body: { errors: [expect.any(String)] } }
const send = async (method: string, path: string, body: string) => {
  const response = await base.send(method, path, body)
  return { status: response.status, body: (await response.json()) as unknown }
}
/** More names than an item can have: parsing them takes seconds. */
const names = (count: number) => Array.from({ length: count }, (_, at) => `"k${at}":1`).join()

describe('is refused before it is parsed:', () => {
  test.each([
    ['an item with too many names', 'PUT', '/items', () => `{"items":[{${names(300_000)}}]}`],
    ['an item with too many values', 'PUT', '/items', () => `{"items":[{"a":[${'1,'.repeat(500_000)}1]}]}`],
    ['names beside the items', 'PUT', '/items', () => `{"items":[{"key":"a"}],"more":{${names(300_000)}}}`],
    ['a list of too many items', 'PUT', '/items', () => `{"items":[${'{},'.repeat(500_000)}{}]}`],
    ['an item to insert', 'POST', '/items', () => `{"item":{${names(300_000)}}}`],
    ['an update', 'PATCH', '/items/a', () => `{"set":{${names(300_000)}}}`],
    ['a query', 'POST', '/query', () => `{"query":[],"more":{${names(100_000)}}}`],
  ])('%s', async (_, method, path, body) => {
    expect(await send(method, path, body())).toEqual(refused)
  })

  test('an update of more attributes than any item has use for', async () => {
    const deleted = JSON.stringify({ delete: Array.from({ length: 10_001 }, (_, at) => `d${at}`) })
    expect(await send('PATCH', '/items/a', deleted)).toEqual(refused)
  })

  test('an attribute that is deeper than items can be', async () => {
    const deep = Array.from({ length: 201 }, () => 'a').join('.')
    expect(await base.call('POST', '/query', { query: [{ [deep]: 1 }] })).toEqual({
      status: 400,
      body: { errors: ['Bad query'] },
    })
    expect(await base.call('PATCH', '/items/a', { set: { [deep]: 1 } })).toEqual(refused)
  })
})

test('25 items of the largest size are stored, also with texts that take six times as many bytes in JSON', async () => {
  const items = Array.from({ length: 25 }, (_, at) => ({
    key: `large-${at}`,
    list: Array(100_000).fill(at % 10),
  }))
  const { status, body } = await base.call('PUT', '/items', { items }, { base: 'large' })
  expect(status).toBe(207)
  expect((body as { processed: unknown }).processed).toEqual({ items })
  const escaped = `{"items":[{"key":"escaped","text":"${'\\u0061'.repeat(400_000)}"}, {"key":"b"}]}`
  expect((await send('PUT', '/items', escaped)).status).toBe(207)
  expect((await base.call('GET', '/items/escaped')).body).toEqual({
    key: 'escaped',
    text: 'a'.repeat(400_000),
  })
})

test.each([1e6 + 1, 1e18, 1e300])('a page of %d items ends by its bytes', async (limit) => {
  await base.call('PUT', '/items', { items: [{ key: 'one', a: 1 }] }, { base: 'small' })
  for (const query of [[{ a: 1 }], []])
    expect(await base.call('POST', '/query', { query, limit }, { base: 'small' })).toEqual({
      status: 200,
      body: { paging: { size: 1 }, items: [{ key: 'one', a: 1 }] },
    })
})

describe.skipIf(isOnPostgres)('one step of a search', () => {
  const ITEMS = 20
  const where = { base: 'steps' }
  beforeAll(async () => {
    // Small ones first, so that the steps become long.
    for (let round = 0; round < 4; round += 1)
      await base.call(
        'PUT',
        '/items',
        { items: Array.from({ length: 25 }, (_, at) => ({ key: `a${round}-${at}`, n: 1 })) },
        where,
      )
    const list = Array.from({ length: 60_000 }, (_, at) => at % 10)
    for (let at = 0; at < ITEMS; at += 10)
      await base.call(
        'PUT',
        '/items',
        { items: Array.from({ length: 10 }, (_, more) => ({ key: `b${at + more}`, n: 1, list })) },
        where,
      )
  })

  test.each([
    ['by many conditions', Array.from({ length: 300 }, (_, at) => ({ 'list?contains': at + 10 })), 1],
    ['by one condition', [{ 'list?contains': 10 }], 4],
    ['without conditions', [], 32],
  ])('%s reads few large documents', async (_, query, most) => {
    const steps = await base.store.read('c0', async (documents) => {
      const search = {
        base: 'steps',
        query: parseQuery(query, DEFAULT_BASE_LIMITS),
        isDescending: false,
        after: null,
      }
      const finder = documents!.find(search)
      const keys: (string | null)[] = []
      for (let step: Step | null = null; step === null || !step.isEnd;) {
        step = await finder.next(10_000)
        keys.push(step.reached)
        if (keys.length > 10_000) throw new Error('the search does not end')
      }
      return keys
    })
    const reached = steps.filter((key) => key?.startsWith('b')).length
    expect(reached).toBeGreaterThanOrEqual(Math.floor(ITEMS / most) - 1)
  })

  test('finds large documents as it finds small ones', async () => {
    const found = async (query: object[]) => {
      const { body } = await base.call('POST', '/query', { query, limit: 1 }, where)
      return (body as { items: { key: string }[] }).items.map(({ key }) => key)
    }
    expect(await found([{ 'list?contains': 9 }])).toEqual(['b0'])
    const many = Array.from({ length: 298 }, (_, at) => ({ 'list?contains': at + 10 }))
    expect(await found([...many, { 'list?contains': 9, n: 1 }])).toEqual(['b0'])
  })
})

test.skipIf(isOnPostgres)(
  'with little free space on the disk, items can only be read and deleted',
  async () => {
    await base.call('PUT', '/items', { items: [{ key: 'kept', n: 1 }] }, { base: 'kept' })
    await base.service.close('c0')
    await using full = await openTestBase({ folder: base.folder, minFreeBytes: Number.MAX_SAFE_INTEGER })
    const where = { base: 'kept' }
    const status = async (...[method, path, body]: [string, string, unknown?]) =>
      (await full.call(method, path, body, where)).status
    expect([
      await status('PUT', '/items', { items: [{ key: 'more' }] }),
      await status('POST', '/items', { item: { key: 'more' } }),
      await status('PATCH', '/items/kept', { increment: { n: 1 } }),
      await status('GET', '/items/kept'),
      await status('POST', '/query', {}),
      await status('DELETE', '/items/kept'),
      await status('GET', '/items/kept'),
    ]).toEqual([507, 507, 507, 200, 200, 200, 404])
  },
)
