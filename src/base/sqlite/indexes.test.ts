/** Indexes on attributes: made from what is asked, used, kept over a restart, dropped. */
import { Database } from 'bun:sqlite'
import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '../../kernel/log.ts'
import { until } from '../../kernel/testing/until.ts'
import type { StoredItem } from '../items/item.ts'
import { DEFAULT_BASE_LIMITS } from '../limits.ts'
import { parseQuery } from '../query/parse-query.ts'
import { type TestBase, openTestBase } from '../testing/test-base.ts'
import { Maintenance } from './maintenance.ts'
import { FILE, createFile } from './open-file.ts'
import { SqliteDocuments } from './sqlite-documents.ts'

setDefaultTimeout(60_000)

const LIMITS = {
  most: 3,
  unusedMs: 1_000_000,
  slowDocuments: 100,
  verySlowDocuments: 1_000_000,
  lookEvery: 1,
}
const COUNT = 300

async function openFull(limits = LIMITS): Promise<TestBase> {
  const base = await openTestBase({ indexLimits: limits })
  for (let at = 0; at < COUNT; at += 25) {
    const items = Array.from({ length: 25 }, (_, more) => {
      const n = at + more
      return {
        key: `k${String(n).padStart(4, '0')}`,
        n,
        of: n % 7,
        text: `t${n % 11}`,
        deep: { of: n % 5 === 0 },
      }
    })
    await base.call('PUT', '/items', { items })
  }
  return base
}

const find = async (base: TestBase, ...query: object[]) => {
  const { body } = await base.call('POST', '/query', { query })
  return (body as { items: { n: number }[] }).items.map(({ n }) => n)
}
const expected = (matches: (n: number) => boolean) =>
  Array.from({ length: COUNT }, (_, n) => n).filter(matches)

/** Of the file, by another connection. */
function indexesOf(base: TestBase): string[] {
  using database = new Database(join(base.folder, 'c0', 'base.db'), { readonly: true })
  const rows = database.query(`select sql from sqlite_schema where name like 'field%' and type = 'index'`)
  return rows.values().flat() as string[]
}
const made = (base: TestBase, count: number) =>
  until(`${count} indexes`, () => indexesOf(base).length === count)

describe('an index', () => {
  test.each<[string, object[], (n: number) => boolean]>([
    ['one value', [{ of: 3 }], (n) => n % 7 === 3],
    ['a text', [{ text: 't5' }], (n) => n % 11 === 5],
    ['true', [{ 'deep.of': true }], (n) => n % 5 === 0],
    ['an object', [{ deep: { of: false } }], (n) => n % 5 !== 0],
    ['a range', [{ 'n?r': [10, 20] }], (n) => n >= 10 && n <= 20],
    ['below', [{ 'n?lt': 20 }], (n) => n < 20],
    ['a prefix', [{ 'text?pfx': 't1' }], (n) => n % 11 === 1 || n % 11 === 10],
    ['several values', [{ of: 3 }, { of: 5 }], (n) => n % 7 === 3 || n % 7 === 5],
    ['either of two attributes', [{ of: 3 }, { text: 't5' }], (n) => n % 7 === 3 || n % 11 === 5],
    ['two at once', [{ of: 3, 'text?gt': 't5' }], (n) => n % 7 === 3 && `t${n % 11}` > 't5'],
  ])('for %s is made at the second slow query, and finds the same', async (_, query, matches) => {
    await using base = await openFull()
    const ask = async () => expect(await find(base, ...query)).toEqual(expected(matches))
    await ask()
    expect(indexesOf(base)).toEqual([])
    await ask()
    await made(base, new Set(query.flatMap((one) => Object.keys(one)[0]!)).size)
    await ask()
    await base.call('PUT', '/items', { items: [{ key: 'k9999', n: 9_999, of: -1, text: '-', deep: {} }] })
    await ask()
    const { body } = await base.call('POST', '/query', { query, limit: 3, sort: 'desc' })
    expect((body as { items: { n: number }[] }).items.map(({ n }) => n)).toEqual(
      expected(matches).toReversed().slice(0, 3),
    )
  })

  test('is found by an ordered walk: nothing is sorted, and no other document is read', async () => {
    await using base = await openFull()
    for (const _ of [1, 2]) await find(base, { of: 3 })
    await made(base, 1)
    using database = new Database(join(base.folder, 'c0', 'base.db'), { readonly: true })
    const plan = database
      .query(
        `explain query plan select key from documents indexed by field_1
        where base = 'items' and (value -> '$."of"') = ? and key > ? order by key limit 2`,
      )
      .values('3', 'a')
      .map((row) => String(row.at(-1)))
    expect(plan).toEqual([
      expect.stringMatching(
        /^SEARCH documents USING (COVERING )?INDEX field_1 \(<expr>=\? AND base=\? AND key>\?\)$/,
      ),
    ])
  })

  test('is made at once for a very slow query', async () => {
    await using base = await openFull({ ...LIMITS, verySlowDocuments: 200 })
    await find(base, { of: 3 })
    await made(base, 1)
  })

  test('is not made for small bases, nor for more attributes than may have one', async () => {
    await using base = await openFull({ ...LIMITS, most: 1 })
    for (const _ of [1, 2, 3]) {
      await base.call('POST', '/query', { query: [{ of: 3 }] }, { base: 'small' })
      await find(base, { of: 3 })
      await find(base, { text: 't1' })
    }
    await made(base, 1)
    expect(await find(base, { text: 't1' })).toEqual(expected((n) => n % 11 === 1))
    expect(indexesOf(base)).toHaveLength(1)
  })

  test('and what was asked outlive a restart; what no query uses is dropped', async () => {
    await using base = await openFull()
    await find(base, { text: 't1' })
    for (const _ of [1, 2]) await find(base, { of: 3 })
    await made(base, 1)
    await base.service.close('c0')
    await find(base, { text: 't1' })
    await made(base, 2)
    base.clock.now += LIMITS.unusedMs / 2
    await find(base, { text: 't1' })
    base.clock.now += LIMITS.unusedMs / 2 + 1
    await base.store.sweep('c0', 0)
    expect(indexesOf(base)).toEqual([expect.stringContaining('"text"')])
    expect(await find(base, { of: 3 })).toEqual(expected((n) => n % 7 === 3))
  })
})

test('a page whose time is over leads on by `last`, to all items and no other', async () => {
  await using base = await openTestBase({ limits: { pageMs: 0 } })
  for (let at = 0; at < 500; at += 25)
    await base.call('PUT', '/items', {
      items: Array.from({ length: 25 }, (_, more) => ({
        key: `k${String(at + more).padStart(4, '0')}`,
        n: at + more,
      })),
    })
  for (const sort of ['asc', 'desc']) {
    const found: number[] = []
    for (let last: string | undefined = ''; last !== undefined;) {
      const { body } = await base.call('POST', '/query', {
        query: [{ 'n?ne': 3, 'n?gte': 480 }, { n: 2 }],
        sort,
        last,
        limit: 7,
      })
      const page = body as { paging: { size: number; last?: string }; items: { n: number }[] }
      found.push(...page.items.map(({ n }) => n))
      last = page.paging.last
    }
    const all = [2, ...Array.from({ length: 20 }, (_, at) => 480 + at)]
    expect(found).toEqual(sort === 'asc' ? all : all.toReversed())
  }
})

test('is made while the thread that all collections share is busy', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ownspace-base-'))
  using _ = { [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
  await createFile(folder)
  using maintenance = new Maintenance()
  const endless = 'with recursive n (n) as (select 1 union all select n + 1 from n) select count(*) from n'
  const busy = maintenance.run(join(folder, FILE), [{ text: endless }]).catch(() => 'ended')
  const documents = await SqliteDocuments.open({
    folder,
    collectionBytes: Number.POSITIVE_INFINITY,
    minFreeBytes: 0,
    indexLimits: { ...LIMITS, verySlowDocuments: 10 },
    logBytes: 2 ** 40,
    maintenance,
    now: Date.now,
    log: silentLogger,
  })
  const stored = (key: string): StoredItem => ({ key, text: JSON.stringify({ key, n: 1 }), expires: null })
  await documents.put(
    'b',
    Array.from({ length: 50 }, (_, at) => stored(`k${at}`)),
  )
  const { alternatives } = parseQuery([{ n: 2 }], DEFAULT_BASE_LIMITS)
  documents.find({ base: 'b', query: { range: {}, alternatives }, isDescending: false, after: null }).next(10)
  await until('the index is made', () => {
    using database = new Database(join(folder, FILE), { readonly: true })
    return database.query(`select 1 from sqlite_schema where name = 'field_1'`).values().length === 1
  })
  await documents.put('b', [stored('later')])
  maintenance[Symbol.dispose]()
  expect(await busy).toBe('ended')
  await documents[Symbol.asyncDispose]()
})
