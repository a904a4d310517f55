import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type WriteEntry, openZip, toStream, writeZip } from '../zip/index.ts'
import { DATA_LIMITS, DataClient, PLATFORM_SOCKET, startData } from '../data/index.ts'
import { DataKeyReplica } from '../directory/index.ts'
import { type CollectionId, newCollectionId } from '../kernel/ids.ts'
import { silentLogger } from '../kernel/log.ts'
import { openDataServices } from '../processes/data-services.ts'
import {
  IMPORT_LIMITS,
  type ImportLimits,
  type ImportProgress,
  exportCollection,
  importArchive,
} from './index.ts'

let folder: string
let client: DataClient
const parts = new AsyncDisposableStack()

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ownspace-transfers-'))
  parts.defer(() => rmSync(folder, { recursive: true }))
  const collectionsDir = join(folder, 'collections')
  mkdirSync(collectionsDir)
  const services = await openDataServices({
    collectionsDir,
    limits: DATA_LIMITS,
    minFreeBytes: 0,
    log: silentLogger,
  })
  parts.use(services)
  const keys = new DataKeyReplica()
  parts.use(
    await startData({ services, keys, collectionsDir, runDir: folder, sandboxes: null, log: silentLogger }),
  )
  client = new DataClient(join(folder, PLATFORM_SOCKET))
})
afterAll(() => parts.disposeAsync())

const collections = {
  async openCopy(id: CollectionId) {
    const collectionId = newCollectionId()
    await client.copyAs(id, collectionId)
    return { collectionId, [Symbol.asyncDispose]: () => client.erase(collectionId) }
  },
}

const call = async (
  id: string,
  service: 'base' | 'drive',
  method: string,
  path: string,
  { name = 'my data', body, type }: { name?: string; body?: BodyInit; type?: string } = {},
) => {
  const headers: Record<string, string> = type ? { 'content-type': type } : {}
  return await client.call({ service, collectionId: id, name, method, path, body, headers })
}

const put = (id: string, items: readonly object[], name?: string) =>
  call(id, 'base', 'PUT', '/items', { name, body: JSON.stringify({ items }) })
const store = (id: string, name: string, body: BodyInit, type?: string, drive?: string) =>
  call(id, 'drive', 'POST', `/files?name=${encodeURIComponent(name)}`, { name: drive, body, type })
const read = (id: string, name: string, drive?: string) =>
  call(id, 'drive', 'GET', `/files/download?name=${encodeURIComponent(name)}`, { name: drive })
const itemsOf = async (id: string, name?: string) =>
  ((await (await call(id, 'base', 'POST', '/query', { name, body: '{}' })).json()) as { items: object[] })
    .items

const exported = (id: CollectionId): ReadableStream<Uint8Array> =>
  exportCollection({ collections, data: client, log: silentLogger, now: Date.now }, { id, name: 'Recipes' })

async function save(stream: ReadableStream<Uint8Array>): Promise<string> {
  const path = join(folder, `${crypto.randomUUID()}.zip`)
  await Bun.write(path, await new Response(stream).bytes())
  return path
}

async function restore(
  path: string,
  id = newCollectionId() as string,
  more: { folder?: string; limits?: Partial<ImportLimits> } = {},
): Promise<{ id: string; report: ImportProgress }> {
  const steps = await Array.fromAsync(
    importArchive(
      { data: client, limits: { ...IMPORT_LIMITS, ...more.limits } },
      { collectionId: id, path, folder: more.folder ?? null, signal: new AbortController().signal },
    ),
  )
  return { id, report: steps.at(-1)! }
}

const archiveOf = (files: Readonly<Record<string, string>>): Promise<string> => {
  async function* entries(): AsyncGenerator<WriteEntry> {
    for (const [name, text] of Object.entries(files))
      yield { name, isCompressed: true, content: bytesOf(text) }
  }
  async function* bytesOf(text: string) {
    yield Buffer.from(text)
  }
  return save(toStream(writeZip(entries())))
}

/** Texts that a file system, an archive or a parser may take for something else. */
const NAMES = [
  'a/b',
  '../../etc/passwd',
  '/absolute',
  'a//b',
  '100%25',
  'null',
  '💾 é',
  'back\\slash',
  'a+b & c=d',
  'x.',
]
const ITEMS = NAMES.map((key, n) => ({ key, n, text: ']}{[",\\" \ud800', list: [{ deep: '}' }], none: null }))

test('a collection is the same after an export and an import, with hostile names', async () => {
  const from = newCollectionId()
  for (const base of ['my data', 'a/b', '..', 'x%2Fy'])
    expect((await put(from, ITEMS, base)).status).toBe(207)
  for (const drive of ['my data', '..'])
    for (const name of NAMES) await store(from, name, `of ${name}`, 'text/x-own', drive)
  const path = await save(exported(from))
  using zip = await openZip(path)
  const names = (await Array.fromAsync(zip.entries())).map(({ name }) => name!)
  expect(names.filter((name) => /(^|\/)\.{0,2}(\/|$)|\\/.test(name))).toEqual([])

  const { id, report } = await restore(path)
  expect(report).toMatchObject({ items: 40, files: 20, bases: 4, drives: 2, failed: 0, failures: [] })
  expect(await client.names(id)).toEqual(await client.names(from))
  for (const base of ['my data', 'a/b', '..', 'x%2Fy'])
    expect(await itemsOf(id, base)).toEqual(await itemsOf(from, base))
  for (const name of NAMES) {
    const answer = await read(id, name, '..')
    expect([answer.headers.get('content-type'), await answer.text()]).toEqual(['text/x-own', `of ${name}`])
  }
  // A second time, nothing is added.
  expect((await restore(path, id)).report).toMatchObject({ items: 40, files: 20, failed: 0 })
  expect((await itemsOf(id)).length).toBe(NAMES.length)
})

test('an export is of one moment, and leaves no copy behind', async () => {
  const from = newCollectionId()
  await put(from, [{ key: 'first', n: 1 }])
  await store(from, 'a.txt', 'before')
  const stream = exported(from)
  const reader = stream.getReader()
  const pieces = [(await reader.read()).value!]
  const rest = (async () => {
    for (let step = await reader.read(); !step.done; step = await reader.read()) pieces.push(step.value)
  })()
  await Promise.all([rest, store(from, 'a.txt', 'after'), put(from, [{ key: 'second' }])])
  const path = join(folder, 'moment.zip')
  await Bun.write(path, Buffer.concat(pieces))
  const { id, report } = await restore(path)
  expect(report).toMatchObject({ files: 1, failed: 0 })
  expect(['before', 'after']).toContain(await (await read(id, 'a.txt')).text())
  await exported(from).cancel()
  expect(
    readdirSync(join(folder, 'collections')).filter((name) => name !== from && name !== id).length,
  ).toBeLessThan(10)
})

test('thousands of items and names, and a file of several parts, come over in order', async () => {
  const from = newCollectionId()
  for (let n = 0; n < 2_500; n += 25)
    await put(
      from,
      Array.from({ length: 25 }, (_, at) => ({ key: `k${n + at}`, text: 'x'.repeat(900) })),
    )
  for (let n = 0; n < 1_100; n += 1) await store(from, `many/${n}`, String(n))
  const large = crypto.getRandomValues(new Uint8Array(60_000))
  await store(from, 'large.bin', large)
  const { id, report } = await restore(await save(exported(from)), undefined, {
    limits: { partBytes: 10_000 },
  })
  expect(report).toMatchObject({ items: 2_500, files: 1_101, failed: 0 })
  expect(await (await read(id, 'large.bin')).bytes()).toEqual(large)
}, 60_000)

describe('an archive of the original', () => {
  test('has names as they are, and may lie in a folder', async () => {
    const path = await archiveOf({
      'my-app/bases/notes%2F.json': '[{"key":"a","n":1},\n {"key":"b"}]',
      'my-app/drives/photos/100%25 ä/../x.txt': 'hello',
      'my-app/drives/photos/empty/': '',
      'my-app/readme.txt': 'about',
    })
    const { id, report } = await restore(path)
    expect(report).toMatchObject({ items: 2, files: 1, skipped: 1, failed: 0 })
    expect(await client.names(id)).toEqual({ bases: ['notes%2F'], drives: ['photos'] })
    const answer = await read(id, '100%25 ä/../x.txt', 'photos')
    expect([answer.headers.get('content-type')?.split(';')[0], await answer.text()]).toEqual([
      'text/plain',
      'hello',
    ])
  })

  test('with several collections asks for the folder of one', async () => {
    const path = await archiveOf({ 'one/bases/a.json': '[{"key":"1"}]', 'two/bases/b.json': '[]' })
    await expect(restore(path)).rejects.toThrow('Name the folder of one. Folders: one/, two/')
    await expect(restore(path, undefined, { folder: 'three' })).rejects.toThrow(
      'no collection in the folder three/',
    )
    expect((await restore(path, undefined, { folder: 'one' })).report).toMatchObject({ items: 1, skipped: 1 })
  })
})

describe('what cannot be stored is reported, and the rest is stored', () => {
  test.each([
    ['an item without a key', '[{"key":"a"},{"n":1}]', 'an item has no key', 1],
    ['an item that Base refuses', `[{"key":"a"},{"key":"b","":1}]`, 'bases/b/b:', 1],
    ['a list that ends early', '[{"key":"a"},{"key":"b"', 'ends too early', 1],
    ['no list', '"text"', 'not a JSON object', 0],
    ['lines of JSON', '{"key":"a"}\n{"key":"b"}\nnull', 'not a JSON object', 2],
    ['brackets that do not match', '[{"key":"a"}}]', 'not a JSON object', 1],
  ])('%s', async (_, text, reason, items) => {
    const { report } = await restore(await archiveOf({ 'bases/b.json': text }))
    expect(report).toMatchObject({ items, failed: 1 })
    expect(report.failures[0]).toContain(reason)
  })
})

describe('refused before anything is stored is', () => {
  test.each<[string, Record<string, string>, Partial<ImportLimits>, string]>([
    ['an archive of something else', { 'index.html': '' }, {}, 'is not an export'],
    [
      'one that unpacks to too much',
      { 'bases/a.json': ' '.repeat(100_000) },
      { unpackedBytes: 50_000 },
      '50000 bytes',
    ],
    [
      'one with too many entries',
      { 'bases/a.json': '[]', 'bases/b.json': '[]' },
      { entries: 1 },
      '1 entries',
    ],
  ])('%s', async (_, files, limits, message) => {
    const id = newCollectionId()
    await expect(restore(await archiveOf(files), id, { limits })).rejects.toThrow(message)
    expect(await client.names(id)).toEqual({ bases: [], drives: [] })
  })

  test('a text', async () => {
    const path = join(folder, 'text')
    await Bun.write(path, 'no archive'.repeat(100))
    await expect(restore(path)).rejects.toThrow('The archive is damaged')
  })
})

test('an item larger than the limit ends its Base, and takes no memory', async () => {
  const path = await archiveOf({ 'bases/a.json': `[{"key":"a","text":"${'x'.repeat(200_000)}"}]` })
  const { report } = await restore(path, undefined, { limits: { itemBytes: 100_000 } })
  expect(report.failures).toEqual(['bases/a: an item has more than 100000 bytes'])
})
