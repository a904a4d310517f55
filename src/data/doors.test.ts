import { describe, expect, test } from 'bun:test'
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { DirectoryChange } from '../directory/index.ts'
import { dataKey } from '../directory/testing/entries.ts'
import { until } from '../kernel/testing/until.ts'
import { startTestData } from './testing/test-data.ts'

const KEYS: DirectoryChange[] = ['notes', 'other'].map((id) => ({
  op: 'dataKey.put',
  key: dataKey('a', id, { id: `dkey_${id}` }),
}))
const KEY = { 'X-API-Key': 'notes_secreta' }
const OTHER_KEY = { 'X-API-Key': 'other_secreta' }

describe('a call with a session', () => {
  test('opens the collection that the gateway names, and never the one of the path', async () => {
    await using data = await startTestData(KEYS)
    for (const sent of ['dummy', 'other', 'notes', '%00'])
      await data.askWithSession('base', `/__space/v0/base/v1/${sent}/my%20todos/items/a%2Fb?x=%31`, 'notes', {
        headers: OTHER_KEY,
      })
    expect(data.services.base.seen.map((call) => ({ ...call, headers: null }))).toEqual(
      Array.from({ length: 4 }, () => ({
        method: 'GET',
        collectionId: 'notes',
        name: 'my todos',
        path: '/items/a%2Fb',
        query: 'x=%31',
        mayWrite: true,
        headers: null,
      })),
    )
  })

  test.each([
    ['/__space/v0/drive/v1/dummy/todos/items'],
    ['/__space/v0/base/v1/dummy'],
    ['/__space/v0/base/v1/dummy/'],
    ['/__space/v0/base/v1/dummy//items'],
    ['/v1/notes/todos/items'],
  ])('is none at %s', async (target) => {
    await using data = await startTestData(KEYS)
    expect((await data.askWithSession('base', target, 'notes')).status).toBe(404)
    expect(data.services.base.seen).toEqual([])
  })
})

describe('a connection that ends within a body, as when its session ends', () => {
  const head = (service: string, more: string) =>
    [
      `POST / HTTP/1.1`,
      'Host: data',
      `X-Space-Gateway-Service: ${service}`,
      `X-Space-Gateway-Target: /__space/v0/${service}/v1/d/photos/files?name=half`,
      'X-Space-Gateway-Collection: notes',
      `${more}\r\n\r\n`,
    ].join('\r\n')

  test.each([
    ['with a length', 'Content-Length: 100', 'half of it'],
    ['in chunks', 'Transfer-Encoding: chunked', 'a\r\nhalf of it\r\n'],
    ['within a chunk', 'Transfer-Encoding: chunked', '64\r\nhalf of it'],
  ])('stores nothing: %s', async (_, framing, piece) => {
    await using data = await startTestData(KEYS)
    for (const isReset of [true, false]) {
      const socket = connect(join(data.folder, 'data.sock'))
      socket.on('error', () => {})
      socket.write(head('drive', framing) + piece)
      const before = data.services.drive.seen.length
      await until('the call has begun', () => data.services.drive.seen.length > before)
      if (isReset) socket.destroy()
      else socket.end()
      await until('the call has ended', () => data.services.drive.failures.length === before + 1)
      socket.destroy()
    }
    expect(data.services.drive.stored.size).toBe(0)
  })
})

describe('pages of other origins', () => {
  test('may call the data hosts with a key, and are told so before', async () => {
    await using data = await startTestData(KEYS)
    const preflight = await data.ask('base', '/v1/notes/todos/items', {
      method: 'OPTIONS',
      headers: {
        Origin: 'https://page.example',
        'Access-Control-Request-Method': 'PUT',
        'Access-Control-Request-Headers': 'content-type,x-api-key',
      },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
    expect(preflight.headers.get('access-control-allow-methods')).toContain('PUT')
    for (const name of ['X-API-Key', 'Content-Type', 'Range'])
      expect(preflight.headers.get('access-control-allow-headers')).toContain(name)
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull()
    for (const headers of [KEY, { 'X-API-Key': 'wrong' }]) {
      const answer = await data.ask('base', '/v1/notes/todos/items/k', { headers })
      expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    }
  })

  test('may not read what a session opens', async () => {
    await using data = await startTestData(KEYS)
    const answer = await data.askWithSession('base', '/__space/v0/base/v1/d/todos/items/k', 'notes')
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })
})

test.each(['database.deta.sh', 'database.deta.space', 'database.cloud.test', 'DATABASE.deta.sh:443'])(
  'apps call Base as %s',
  async (host) => {
    await using data = await startTestData(KEYS)
    const answer = await data.askInside('database.deta.sh', '/v1/notes/todos/items/k', {
      headers: { ...KEY, Host: host },
    })
    expect([answer.status, data.services.base.seen.length]).toEqual([404, 1])
  },
)

test.each(['alpha.deta.space', 'deta.sh', 'www.deta.sh', 'databases.deta.sh'])(
  'apps are told that nothing answers for %s',
  async (host) => {
    await using data = await startTestData(KEYS)
    const answer = await data.askInside('api.deta.sh', '/v1/notes/todos/items/k', {
      headers: { ...KEY, Host: host },
    })
    expect(answer.status).toBe(501)
    expect((await answer.json()).errors[0]).toContain('Deta Space has closed')
  },
)

describe('bodies', () => {
  test('beyond the limit are refused unread, with JSON', async () => {
    await using data = await startTestData(KEYS, { baseBodyBytes: 1_000, driveBodyBytes: 2_000 })
    const send = (service: 'base' | 'drive', target: string, bytes: number) =>
      data.ask(service, target, {
        method: service === 'base' ? 'PUT' : 'POST',
        headers: KEY,
        body: 'x'.repeat(bytes),
      })
    const refused = await send('base', '/v1/notes/todos/items', 1_001)
    expect([refused.status, await refused.json()]).toEqual([400, { errors: [expect.any(String)] }])
    for (const bytes of [2_001, 3_000_000]) {
      const answer = await send('drive', '/v1/notes/photos/files?name=a', bytes)
      expect([answer.status, await answer.json()]).toEqual([413, { errors: [expect.any(String)] }])
    }
    expect((await send('drive', '/v1/notes/photos/files?name=a', 2_000)).status).toBe(201)
  })

  test('and ranges pass unchanged', async () => {
    await using data = await startTestData(KEYS)
    const bytes = crypto.getRandomValues(new Uint8Array(60_000))
    await data.ask('drive', '/v1/notes/photos/files?name=a', { method: 'POST', headers: KEY, body: bytes })
    const whole = await data.askInside('drive.deta.sh', '/v1/notes/photos/files/download?name=a', {
      headers: KEY,
    })
    expect(whole.headers.get('content-length')).toBe('60000')
    expect(new Uint8Array(await whole.arrayBuffer())).toEqual(bytes)
    const part = await data.ask('drive', '/v1/notes/photos/files/download?name=a', {
      headers: { ...KEY, Range: 'bytes=10-19' },
    })
    expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 10-19/60000'])
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(bytes.slice(10, 20))
  })
})

test('a collection that keeps all its places busy does not delay another', async () => {
  await using data = await startTestData(KEYS, {
    places: 10,
    placesPerCollection: 2,
    waitingPerCollection: 1,
  })
  const bodies = Array.from({ length: 3 }, () => new TransformStream<Uint8Array, Uint8Array>())
  const put = (body: BodyInit) =>
    data.ask('base', '/v1/notes/todos/items', {
      method: 'PUT',
      headers: { ...KEY, 'Content-Length': '20' },
      body,
    })
  const slow = bodies.map((body) => put(body.readable))
  await until('the places are taken', () => data.services.base.seen.length > 0)
  await until('a further call is refused', async () => {
    const answer = await data
      .ask('base', '/v1/notes/todos/items/k', { headers: KEY, signal: AbortSignal.timeout(200) })
      .catch(() => null)
    return answer?.status === 429 && answer.headers.get('retry-after') === '1'
  })
  const other = await data.ask('base', '/v1/other/todos/items/k', { headers: OTHER_KEY })
  expect(other.status).toBe(404)
  for (const body of bodies) await body.writable.abort().catch(() => {})
  await Promise.allSettled(slow)
})

describe('the platform', () => {
  test('asks about a collection, copies it and erases it', async () => {
    await using data = await startTestData(KEYS)
    await data.ask('base', '/v1/notes/todos/items', {
      method: 'PUT',
      headers: KEY,
      body: '{"items":[{"key":"k"}]}',
    })
    const found = await data.client.call({
      service: 'base',
      collectionId: 'notes',
      name: 'todos',
      method: 'GET',
      path: '/items/k',
    })
    expect(await found.json()).toEqual({ key: 'k' })
    expect(await data.client.names('notes')).toEqual({ bases: ['todos'], drives: [] })
    expect(await data.client.size('notes')).toBe(1)
    const copy = join(data.folder, 'copy')
    await data.client.copyTo('notes', copy)
    expect(await Bun.file(join(copy, 'base.json')).json()).toEqual(['notes/todos/k'])
    const folder = join(data.folder, 'collections', 'notes')
    mkdirSync(folder)
    writeFileSync(join(folder, 'base.db'), '')
    await data.client.erase('notes')
    expect(existsSync(folder)).toBe(false)
    await data.client.erase('notes')
  })

  test.each(['../notes', '', 'No', 'a/b', 'a.b'])('cannot name a folder outside: %j', async (id) => {
    await using data = await startTestData(KEYS)
    await expect(data.client.erase(id)).rejects.toThrow('not the id of a collection')
  })

  test('gets 503 while the process does not run', async () => {
    await using data = await startTestData(KEYS)
    await data.stop()
    await expect(data.client.size('notes')).rejects.toMatchObject({ status: 503 })
  })
})

test('the sockets of gateways and the platform are for this user alone', async () => {
  await using data = await startTestData(KEYS)
  for (const name of ['data.sock', 'data-admin.sock'])
    expect([name, statSync(join(data.folder, name)).mode & 0o777]).toEqual([name, 0o600])
})

test('a process that stops finishes its calls first', async () => {
  await using data = await startTestData(KEYS, { drainMs: 20_000 })
  const body = new TransformStream<Uint8Array, Uint8Array>()
  const writer = body.writable.getWriter()
  const answer = data.ask('base', '/v1/notes/todos/items', {
    method: 'PUT',
    headers: KEY,
    body: body.readable,
  })
  await writer.write(Buffer.from('{"items":['))
  await until('the call has begun', () => data.services.base.seen.length === 1)
  const stopped = data.stop()
  await writer.write(Buffer.from('{"key":"k"}]}'))
  await writer.close()
  expect((await answer).status).toBe(207)
  await stopped
  expect(data.services.base.stored.has('notes/todos/k')).toBe(true)
  expect(readdirSync(data.folder).filter((name) => name.includes('.sock'))).toEqual(['control.sock'])
})
