/** A collection moves between stores while it is read, and is the same in each. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { S3Client } from 'bun'
import { DATA_LIMITS, DataClient, PLATFORM_SOCKET, startData } from '../data/index.ts'
import { DataKeyReplica } from '../directory/index.ts'
import { BUILD_WITHIN_MS, type S3Server, missingS3, startS3 } from '../drive/testing/s3-server.ts'
import { until } from '../kernel/testing/until.ts'
import { silentLogger } from '../kernel/log.ts'
import { type PostgresServer, missingPostgres, startPostgres } from '../storage/testing/postgres-server.ts'
import { readServerConfig } from '../config/index.ts'
import { openDataServices } from './data-services.ts'

setDefaultTimeout(60_000)

const missing = missingPostgres ?? missingS3
if (missing !== null) console.warn(`SKIPPED: moving collections. ${missing}`)

let folder: string
let postgres: PostgresServer
let s3: S3Server
const parts = new AsyncDisposableStack()

beforeAll(async () => {
  if (missing !== null) return
  folder = mkdtempSync(join(tmpdir(), 'ownspace-move-'))
  parts.defer(() => rmSync(folder, { recursive: true }))
  postgres = parts.use(await startPostgres())
  s3 = parts.use(await startS3())
  writeFileSync(join(folder, 'key'), `${s3.store.accessKeyId}\n${s3.store.secretAccessKey}\n`, {
    mode: 0o600,
  })
}, BUILD_WITHIN_MS)
afterAll(() => parts.disposeAsync())

async function start(collectionsDir: string, { outside = true } = {}) {
  mkdirSync(collectionsDir, { recursive: true })
  const bucket = `s3://${s3.store.bucket}/own?endpoint=${encodeURIComponent(s3.store.endpoint!)}`
  const args = ['--data-database', postgres.url('postgres'), '--data-blobs', bucket]
  const config = readServerConfig(outside ? [...args, '--data-blobs-key-file', join(folder, 'key')] : [], {
    XDG_DATA_HOME: folder,
  })
  const services = await openDataServices({
    collectionsDir,
    outside: config.data,
    limits: DATA_LIMITS,
    minFreeBytes: 0,
    log: silentLogger,
  })
  const runDir = mkdtempSync(join(tmpdir(), 'own-'))
  const data = await startData({
    services,
    places: services.places,
    keys: new DataKeyReplica(),
    collectionsDir,
    runDir,
    sandboxes: null,
    log: silentLogger,
  })
  const client = new DataClient(join(runDir, PLATFORM_SOCKET))
  const call = (id: string, service: 'base' | 'drive', method: string, path: string, body?: BodyInit) =>
    client.call({ service, collectionId: id, name: 'soups', method, path, body })
  return {
    client,
    call,
    async [Symbol.asyncDispose]() {
      await data[Symbol.asyncDispose]()
      await services[Symbol.asyncDispose]()
      rmSync(runDir, { recursive: true })
    },
  }
}

const ITEMS = Array.from({ length: 25 }, (_, n) => ({
  key: `k${n}`,
  n: n * 1e20,
  nested: { zz: 1, a: [{ b: null, aa: '\0 \ud800 💾' }] },
  ...(n === 0 ? { __expires: 4_000_000_000 } : {}),
}))
const CONTENT = crypto.getRandomValues(new Uint8Array(3_000_000))

type Running = Awaited<ReturnType<typeof start>>

async function fill({ call }: Running, id: string): Promise<void> {
  expect((await call(id, 'base', 'PUT', '/items', JSON.stringify({ items: ITEMS }))).status).toBe(207)
  expect((await call(id, 'drive', 'POST', '/files?name=a%2Fb', CONTENT)).status).toBe(201)
}

async function expectSame({ call }: Running, id: string): Promise<void> {
  const query = (body: object) => call(id, 'base', 'POST', '/query', JSON.stringify(body))
  const { items } = (await (await query({})).json()) as { items: object[] }
  expect(items).toEqual(ITEMS.toSorted((a, b) => (a.key < b.key ? -1 : 1)))
  // Equality of objects depends on how they are stored.
  const equal = (await (await query({ query: { nested: ITEMS[0]!.nested } })).json()) as { items: object[] }
  expect(equal.items.length).toBe(25)
  const answer = await call(id, 'drive', 'GET', '/files/download?name=a%2Fb')
  expect(Buffer.from(CONTENT).equals(await answer.bytes())).toBe(true)
}

const objects = async () => (await new S3Client(s3.store).list({ prefix: 'own/' })).contents ?? []
const rows = () => postgres.query('select count(*)::int as n from base_documents')

describe.skipIf(missing !== null)('a collection', () => {
  test('moves to PostgreSQL and S3 and back, and leaves nothing behind', async () => {
    const dir = join(folder, 'both')
    {
      await using running = await start(dir)
      await fill(running, 'soups')
      expect(await running.client.move('soups', { documents: 'postgres' })).toMatchObject({ items: 25 })
      expect(existsSync(join(dir, 'soups/base.db'))).toBe(false)
      await expectSame(running, 'soups')
      const moved = await running.client.move('soups', { files: 's3' })
      expect(moved.bytes).toBe(CONTENT.length)
      expect((await objects()).length).toBe(moved.blobs)
      await expectSame(running, 'soups')
    }
    // The place outlives a restart, and a copy is a collection of its own on the disk.
    await using running = await start(dir)
    await expectSame(running, 'soups')
    await running.client.copyAs('soups', 'copy')
    await expectSame(running, 'copy')
    expect(await running.client.move('soups', { documents: 'sqlite', files: 'disk' })).toMatchObject({
      items: 25,
    })
    await expectSame(running, 'soups')
    expect([await rows(), await objects()]).toEqual([[{ n: 0 }], []])
  })

  test('is erased where it is', async () => {
    const dir = join(folder, 'erased')
    await using running = await start(dir)
    await fill(running, 'gone')
    await running.client.move('gone', { documents: 'postgres', files: 's3' })
    expect([await rows(), (await objects()).length > 0]).toEqual([[{ n: 25 }], true])
    await running.client.erase('gone')
    expect([await rows(), await objects(), readdirSync(dir)]).toEqual([[{ n: 0 }], [], []])
  })

  test('can be read, and not written to, while it moves', async () => {
    await using running = await start(join(folder, 'busy'))
    await fill(running, 'busy')
    const state = { isMoving: true }
    const moving = running.client.move('busy', { files: 's3', documents: 'postgres' })
    void moving.finally(() => (state.isMoving = false))
    const writes = new Set<string>()
    const stored: string[] = []
    for (let n = 0; state.isMoving; n += 1) {
      const [read, write] = await Promise.all([
        running.call('busy', 'base', 'GET', '/items/k1'),
        running.call('busy', 'base', 'PUT', '/items', JSON.stringify({ items: [{ key: `new${n}` }] })),
      ])
      expect(read.status).toBe(200)
      writes.add(`${write.status} ${write.headers.get('retry-after')}`)
      if (write.ok) stored.push(`new${n}`)
    }
    await moving
    expect([...writes]).toContain('503 1')
    expect([...writes].filter((status) => !['503 1', '207 null'].includes(status))).toEqual([])
    for (const key of stored)
      expect((await running.call('busy', 'base', 'GET', `/items/${key}`)).status).toBe(200)
    await running.client.erase('busy')
  })

  test('loses no write whose body arrives while it moves', async () => {
    await using running = await start(join(folder, 'slow'))
    await fill(running, 'slow')
    const rest = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        controller.enqueue(Buffer.from('{"items":['))
        begun.resolve()
        await rest.promise
        controller.enqueue(Buffer.from('{"key":"slow"}]}'))
        controller.close()
      },
    })
    const writing = running.call('slow', 'base', 'PUT', '/items', body)
    await begun.promise
    // The server has read its head when it answers a later request on the same socket.
    await running.call('slow', 'base', 'GET', '/items/k1')
    const moving = running.client.move('slow', { documents: 'postgres' })
    await until('the move has begun', () => existsSync(join(folder, 'slow/slow/place.json')))
    rest.resolve()
    const [written] = await Promise.all([writing, moving])
    const found = await running.call('slow', 'base', 'GET', '/items/slow')
    expect([written.status, found.status]).toBeOneOf([
      [207, 200],
      [503, 404],
    ])
    await running.client.erase('slow')
  })

  test('stays where it is when the other store fails, or is not set up', async () => {
    await using running = await start(join(folder, 'failing'))
    await fill(running, 'kept')
    await using without = await start(join(folder, 'without'), { outside: false })
    await expect(without.client.move('kept', { files: 's3' })).rejects.toThrow('--data-blobs')
    await expect(without.client.move('kept', { documents: 'postgres' })).rejects.toThrow('--data-database')
    await postgres.stop()
    await expect(running.client.move('kept', { documents: 'postgres' })).rejects.toThrow()
    await expectSame(running, 'kept')
    expect((await running.call('kept', 'base', 'PUT', '/items', '{"items":[{"key":"after"}]}')).status).toBe(
      207,
    )
    await postgres.start()
    expect(await running.client.move('kept', { documents: 'postgres' })).toMatchObject({ items: 26 })
    await running.client.erase('kept')
  })
})
