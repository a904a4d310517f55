import { describe, expect, test } from 'bun:test'
import type { DirectoryChange } from '../directory/index.ts'
import { dataKey } from '../directory/testing/entries.ts'
import { until } from '../kernel/testing/until.ts'
import { startTestData } from './testing/test-data.ts'

const put = (...key: Parameters<typeof dataKey>): DirectoryChange => ({
  op: 'dataKey.put',
  key: dataKey(...key),
})
const KEYS = [
  put('a', 'notes'),
  put('b', 'other'),
  put('r', 'notes', { mayWrite: false }),
  put('n', 'notes', { bases: ['open'], drives: [] }),
  put('x', 'notes', { expiresAtMs: Date.now() - 1 }),
]
const KEY = 'notes_secreta'
const withKey = (value: string, more: RequestInit = {}): RequestInit => ({
  ...more,
  headers: { ...(more.headers as Record<string, string>), 'X-API-Key': value },
})
const ITEMS = '/v1/notes/todos/items'
const item = (key: string) => JSON.stringify({ items: [{ key, n: 1 }] })
const REFUSED = { status: 401, text: '{"errors":["Unauthorized"]}' }
const seen = async (response: Response) => ({ status: response.status, text: await response.text() })

describe('a call is refused alike', () => {
  const doors = ['gateway', 'sandbox'] as const
  test.each(
    doors.flatMap((door) =>
      (
        [
          ['without a key', ITEMS, {}],
          ['with an empty key', ITEMS, withKey('')],
          ['with an unknown key', ITEMS, withKey('notes_secretz')],
          ['with a key that is longer than any', ITEMS, withKey(`notes_${'a'.repeat(5_000)}`)],
          ['with the collection alone', ITEMS, withKey('notes')],
          ['with the key of another collection', ITEMS, withKey('other_secretb')],
          ['with its key for another collection', '/v1/other/todos/items', withKey(KEY)],
          ['with its key for no collection', '/v1//todos/items', withKey(KEY)],
          ['with its key for a collection that is spelt differently', '/v1/NOTES/todos/items', withKey(KEY)],
          ['with its key for an encoded collection', '/v1/%6Eotes/todos/items', withKey(KEY)],
          ['with its key for dummy', '/v1/dummy/todos/items', withKey(KEY)],
          ['with an expired key', ITEMS, withKey('notes_secretx')],
          [
            'with two keys',
            ITEMS,
            {
              headers: [
                ['X-API-Key', KEY],
                ['X-API-Key', KEY],
              ],
            },
          ],
          [
            'with a wrong key beside a good token',
            ITEMS,
            withKey('wrong', { headers: { Authorization: KEY } }),
          ],
          ['for a call that does not exist', '/nothing', withKey('wrong')],
          [
            'that claims a session',
            '/__space/v0/base/v1/notes/todos/items',
            { headers: { 'X-Space-Gateway-Principal': 'user:usr_1', X_Space_Gateway_Collection: 'notes' } },
          ],
        ] as [string, string, RequestInit][]
      ).map((row) => [...row, door] as const),
    ),
  )('%s: %s %j at the door for a %s', async (_, target, init, door) => {
    await using data = await startTestData(KEYS)
    const call = { method: 'PUT', body: item('k'), ...init }
    const answer =
      door === 'gateway'
        ? await data.ask('base', target, call)
        : await data.askInside('database.deta.sh', target, call)
    expect(await seen(answer)).toEqual(REFUSED)
    expect(data.services.base.seen).toEqual([])
  })

  test('by a sandbox that sends the headers of a gateway', async () => {
    await using data = await startTestData(KEYS)
    const headers = {
      'X-Space-Gateway-Service': 'base',
      'X-Space-Gateway-Collection': 'other',
      'X-Space-Gateway-Target': '/__space/v0/base/v1/other/todos/items',
      'X-Space-Data-Service': 'base',
      'X-Space-Data-Target': '/v1/other/todos/items',
    }
    const plain = await data.askInside('database.deta.sh', '/__space/v0/base/v1/other/todos/items', {
      headers,
    })
    expect(await seen(plain)).toEqual(REFUSED)
    const keyed = await data.askInside('database.deta.sh', `${ITEMS}/k`, withKey(KEY, { headers }))
    expect(keyed.status).toBe(404)
    expect(data.services.base.seen.map(({ collectionId }) => collectionId)).toEqual(['notes'])
  })
})

describe('a key', () => {
  test('opens its collection, by X-API-Key or as a token', async () => {
    await using data = await startTestData(KEYS)
    const stored = await data.ask('base', ITEMS, withKey(KEY, { method: 'PUT', body: item('a/b') }))
    expect(stored.status).toBe(207)
    for (const headers of [
      { Authorization: KEY },
      { Authorization: `Bearer ${KEY}` },
      { 'x-api-key': KEY },
    ] as Record<string, string>[]) {
      const found = await data.askInside('database.deta.sh', `${ITEMS}/a%2Fb`, { headers })
      expect(await seen(found)).toEqual({ status: 200, text: '{"key":"a/b","n":1}' })
    }
  })

  test('that may only read says so to the service', async () => {
    await using data = await startTestData(KEYS)
    const refused = await data.ask(
      'base',
      ITEMS,
      withKey('notes_secretr', { method: 'PUT', body: item('k') }),
    )
    expect(refused.status).toBe(403)
    expect(data.services.base.stored.size).toBe(0)
  })

  test('that is limited to names opens no other, however it is spelt', async () => {
    await using data = await startTestData(KEYS)
    const call = (path: string) => data.ask('base', path, withKey('notes_secretn'))
    expect((await call('/v1/notes/open/items/k')).status).toBe(404)
    expect((await call('/v1/notes/o%70en/items/k')).status).toBe(404)
    for (const name of ['todos', 'Open', 'open%00', 'open%2Fx', 'op%en'])
      expect([name, (await call(`/v1/notes/${name}/items/k`)).status]).toEqual([
        name,
        name === 'op%en' ? 400 : 403,
      ])
    expect((await data.ask('drive', '/v1/notes/open/files', withKey('notes_secretn'))).status).toBe(403)
  })

  test('is refused from the moment on that its revocation was reported', async () => {
    await using data = await startTestData(KEYS)
    await data.publisher.publish([{ op: 'dataKey.delete', id: 'dkey_a' }])
    expect(await seen(await data.ask('base', `${ITEMS}/k`, withKey(KEY)))).toEqual(REFUSED)
  })
})

describe('when a key is revoked', () => {
  const revoke: DirectoryChange = { op: 'dataKey.delete', id: 'dkey_a' }

  test.each<[string, DirectoryChange]>([
    ['deleted', revoke],
    ['narrowed to reading', put('a', 'notes', { mayWrite: false })],
    ['limited to other names', put('a', 'notes', { bases: ['others'], drives: ['others'] })],
    ['expired', put('a', 'notes', { expiresAtMs: Date.now() - 1 })],
  ])('a download that is under way ends: %s', async (_, change) => {
    await using data = await startTestData(KEYS)
    const answer = await data.ask('drive', '/v1/notes/photos/files/download?name=endless', withKey(KEY))
    const reader = answer.body!.getReader()
    await reader.read()
    await data.publisher.publish([change])
    await expect(
      (async () => {
        while (!(await reader.read()).done);
        throw new Error('the stream ended')
      })(),
    ).rejects.toThrow()
    await until('the service closed the file', () => data.services.drive.downloads.open === 0)
  })

  test.each([
    ['base', ITEMS, 'PUT', '{"items":[{"key":"late"', '}]}'],
    ['drive', '/v1/notes/photos/files?name=late', 'POST', 'some', 'more'],
  ] as const)(
    'a body of %s that arrives slowly is not stored',
    async (service, target, method, first, rest) => {
      await using data = await startTestData(KEYS)
      const body = new TransformStream<Uint8Array, Uint8Array>()
      const writer = body.writable.getWriter()
      const answer = data.ask(service, target, withKey(KEY, { method, body: body.readable }))
      await writer.write(Buffer.from(first))
      await until('the call has begun', () => data.services[service].seen.length === 1)
      await data.publisher.publish([revoke])
      await writer.write(Buffer.from(rest)).catch(() => {})
      await writer.close().catch(() => {})
      expect((await answer).status).toBe(401)
      expect(data.services[service].stored.size).toBe(0)
    },
  )

  test('streams of other keys of the collection stay open', async () => {
    await using data = await startTestData(KEYS)
    const answer = await data.ask(
      'drive',
      '/v1/notes/photos/files/download?name=endless',
      withKey('notes_secretr'),
    )
    const reader = answer.body!.getReader()
    await data.publisher.publish([revoke])
    for (let piece = 0; piece < 5; piece++) expect((await reader.read()).done).toBe(false)
    await reader.cancel()
  })
})

test('a copy of the keys that may be out of date decides nothing: not for a good key, and not for a wrong one', async () => {
  const clock = { ms: 0 }
  await using data = await startTestData(KEYS, {}, () => performance.now() + clock.ms)
  const ask = (key: string) => data.ask('base', `${ITEMS}/k`, withKey(key))
  expect((await ask(KEY)).status).toBe(404)
  // The platform is gone: no key can be revoked without it.
  await data.publisher.close()
  expect((await ask(KEY)).status).toBe(404)
  // As after a stall in which a new platform could have started, and have given up on this process.
  clock.ms += 60_000
  for (const key of [KEY, 'notes_secretz']) {
    const answer = await ask(key)
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1'])
    expect(await answer.json()).toEqual({ errors: ['Data keys are being loaded; try again'] })
  }
})
