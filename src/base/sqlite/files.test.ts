/** Files of collections: damaged, foreign, vanished ones, and many of them. */
import { Database } from 'bun:sqlite'
import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { createLogger } from '../../kernel/log.ts'
import { type TestBaseOptions, openTestBase } from '../testing/test-base.ts'
import { APPLICATION_ID, STEPS, migrate, versionOf } from './schema.ts'

setDefaultTimeout(60_000)

/** Only where the suite runs on SQLite. */
const open = async (options: TestBaseOptions = {}) => {
  const lines: string[] = []
  const base = await openTestBase({
    log: createLogger('base', 'info', (line) => lines.push(line)),
    ...options,
  })
  const file = (collection = 'c0') => join(base.folder, collection, 'base.db')
  return { base, lines, file, [Symbol.asyncDispose]: () => base[Symbol.asyncDispose]() }
}
const ITEM = { key: 'a', n: 1 }
const put = { items: [ITEM] }

describe('a file', () => {
  test('is made by the first write only, readable by its owner only', async () => {
    await using it = await open()
    await it.base.call('GET', '/items/a')
    await it.base.call('DELETE', '/items/a')
    await it.base.call('POST', '/query', {})
    expect(existsSync(join(it.base.folder, 'c0'))).toBe(false)
    await it.base.call('PUT', '/items', put)
    expect(statSync(it.file()).mode & 0o777).toBe(0o600)
  })

  test('is one for writes that come together, and reads', async () => {
    await using it = await open()
    const calls = await Promise.all([
      it.base.call('GET', '/items/a'),
      ...Array.from({ length: 20 }, (_, at) => it.base.call('PUT', '/items', { items: [{ key: `k${at}` }] })),
      it.base.call('GET', '/items/a'),
    ])
    expect(calls.map(({ status }) => status)).toEqual([404, ...Array.from({ length: 20 }, () => 207), 404])
    expect((await it.base.call('POST', '/query', {})).body).toMatchObject({ paging: { size: 20 } })
  })

  test.each<[string, number, (path: string) => void]>([
    ['is empty', 500, (path) => truncateSync(path, 0)],
    ['is no database', 500, (path) => writeFileSync(path, 'x'.repeat(100_000))],
    ['is cut off', 500, (path) => truncateSync(path, 8_192)],
    ['is the database of something else', 500, (path) => foreign(path, 'create table t (a)')],
    [
      'was written by a newer version',
      503,
      (path) => foreign(path, `pragma application_id = ${APPLICATION_ID}; pragma user_version = 99`),
    ],
    ['has vanished, but not its log', 503, (path) => renameSync(path, `${path}-wal`)],
  ])('that %s: %i and a line in the log, and it stays as it is', async (_, status, damage) => {
    await using it = await open()
    await it.base.call('PUT', '/items', put)
    await it.base.service.close('c0')
    damage(it.file())
    const before = readdirSync(join(it.base.folder, 'c0')).sort()
    for (const call of [it.base.call('PUT', '/items', put), it.base.call('POST', '/query', {})])
      expect(await call).toEqual({ status, body: { errors: [expect.any(String)] } })
    expect(it.lines.join('')).toContain(' error base ')
    expect(readdirSync(join(it.base.folder, 'c0')).filter((name) => !/-(wal|shm)$/.test(name))).toEqual(
      before.filter((name) => !/-(wal|shm)$/.test(name)),
    )
    expect((await it.base.call('PUT', '/items', put, { collection: 'other' })).status).toBe(207)
  })

  test('that was deleted or replaced while it is open takes no more writes', async () => {
    await using it = await open()
    await it.base.call('PUT', '/items', put)
    copyFileSync(it.file(), `${it.file()}.copy`)
    renameSync(`${it.file()}.copy`, it.file())
    // It is looked at once in a second.
    const deadline = performance.now() + 30_000
    let status = 207
    while (status === 207 && performance.now() < deadline)
      ({ status } = await it.base.call('PUT', '/items', put))
    expect(status).toBe(503)
    expect((await it.base.call('PUT', '/items', put)).status).toBe(503)
    expect((await it.base.call('GET', '/items/a')).body).toEqual(ITEM)
    // Closing it, or opening others, is no way to have its log trusted again.
    await it.base.service.close('c0')
    expect((await it.base.call('PUT', '/items', put)).status).toBe(503)
    expect((await it.base.call('GET', '/items/a')).status).toBe(503)
    expect((await it.base.call('PUT', '/items', put, { collection: 'other' })).status).toBe(207)
  })

  function foreign(path: string, sql: string) {
    for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true })
    using database = new Database(path)
    database.run(sql)
  }
})

describe('the schema', () => {
  test('an older file is brought up to date, and keeps its documents', () => {
    using database = new Database(':memory:')
    migrate(database)
    database.run(`insert into documents values ('b', 'k', jsonb('{"key":"k"}'), null)`)
    migrate(database, [...STEPS, 'alter table documents add column more text'])
    expect(versionOf(database).version).toBe(STEPS.length + 1)
    expect(database.query('select key, json(value), more from documents').values()).toEqual([
      ['k', '{"key":"k"}', null],
    ])
  })

  test('a step that fails changes nothing', () => {
    using database = new Database(':memory:')
    migrate(database)
    expect(() => migrate(database, [...STEPS, 'create table more (a); create nonsense'])).toThrow()
    expect(versionOf(database).version).toBe(STEPS.length)
    expect(database.query(`select 1 from sqlite_schema where name = 'more'`).values()).toEqual([])
  })
})

describe('many collections', () => {
  const handles = () => readdirSync('/proc/self/fd').length

  test('few files are open, however many are used', async () => {
    await using it = await open({ openCollections: 8 })
    const use = async (at: number) => {
      const where = { collection: `c${at}` }
      expect((await it.base.call('PUT', '/items', put, where)).status).toBe(207)
      expect((await it.base.call('GET', '/items/a', undefined, where)).body).toEqual(ITEM)
    }
    for (let at = 0; at < 12; at += 1) await use(at)
    const before = handles()
    for (let at = 12; at < 60; at += 1) await use(at)
    for (let at = 0; at < 60; at += 7) await use(at)
    expect(handles()).toBeLessThanOrEqual(before + 4)
  })

  test('calls of more collections than may be open wait for each other', async () => {
    await using it = await open({ openCollections: 2 })
    const calls = Array.from({ length: 40 }, (_, at) =>
      it.base.call('PATCH', '/items/a', { increment: { n: 1 } }, { collection: `c${at % 10}` }),
    )
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(
      Array.from({ length: 40 }, () => 404),
    )
    const puts = Array.from({ length: 40 }, (_, at) =>
      it.base.call('PUT', '/items', { items: [{ key: `k${at}` }] }, { collection: `c${at % 10}` }),
    )
    expect((await Promise.all(puts)).every(({ status }) => status === 207)).toBe(true)
    for (let at = 0; at < 10; at += 1)
      expect((await it.base.call('POST', '/query', {}, { collection: `c${at}` })).body).toMatchObject({
        paging: { size: 4 },
      })
  })

  test('closing waits for calls, and later calls open the file again', async () => {
    await using it = await open()
    const calls = Array.from({ length: 30 }, (_, at) =>
      it.base.call('PUT', '/items', { items: [{ key: `k${at}` }] }),
    )
    await it.base.service.close('c0')
    expect((await Promise.all(calls)).every(({ status }) => status === 207)).toBe(true)
    expect((await it.base.call('POST', '/query', {})).body).toMatchObject({ paging: { size: 30 } })
    await it.base.service.close('c0')
    expect(readdirSync(join(it.base.folder, 'c0'))).toEqual(['base.db'])
  })
})

test('a copy has what was answered before, while writes go on', async () => {
  await using it = await open()
  for (let at = 0; at < 20; at += 1) await it.base.call('PUT', '/items', { items: [{ key: `before${at}` }] })
  const folder = join(it.base.folder, 'copied')
  mkdirSync(folder)
  const during = Array.from({ length: 20 }, (_, at) =>
    it.base.call('PUT', '/items', { items: [{ key: `during${at}` }] }),
  )
  await it.base.service.copyTo('c0', folder)
  await Promise.all(during)
  const { body } = await it.base.call(
    'POST',
    '/query',
    { query: [{ 'key?pfx': 'before' }] },
    { collection: 'copied' },
  )
  expect(body).toMatchObject({ paging: { size: 20 } })
  expect(await it.base.service.size('copied')).toBeGreaterThan(0)
})

test('a full collection takes no more items, until some are deleted', async () => {
  await using it = await open({ collectionBytes: 400_000 })
  const large = (key: string) => ({ items: [{ key, text: 'x'.repeat(100_000) }] })
  let count = 0
  while ((await it.base.call('PUT', '/items', large(`k${count}`))).status === 207) count += 1
  expect(count).toBeGreaterThan(2)
  expect(await it.base.call('PUT', '/items', large('more'))).toEqual({
    status: 507,
    body: { errors: [expect.any(String)] },
  })
  expect((await it.base.call('POST', '/items', { item: { key: 'small' } })).status).toBe(507)
  expect((await it.base.call('PATCH', '/items/k0', { set: { a: 1 } })).status).toBe(507)
  for (let at = 0; at < 3; at += 1) expect((await it.base.call('DELETE', `/items/k${at}`)).status).toBe(200)
  expect((await it.base.call('PUT', '/items', large('more'))).status).toBe(207)
})
