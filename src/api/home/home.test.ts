import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  FROM,
  HOME,
  type Owner,
  type TestApi,
  json,
  openTestApi,
  setUp,
  sign,
  openWithOwner,
} from '../testing/test-api.ts'

let platform: TestApi
let owner: Owner
beforeAll(async () => void ({ platform, owner } = await openWithOwner()))
afterAll(() => platform[Symbol.asyncDispose]())

const get = (path: string, headers: Record<string, string> = {}) => platform.call('GET', path, { headers })

describe('the files of Home', () => {
  test.each(['/', '/login', '/cli?code=AB', '/apps/x/settings', '/%2e%2e/x'])(
    '%s shows the page, which cannot be cached or framed',
    async (path) => {
      const answer = await get(path)
      const { headers } = answer
      expect(answer.status).toBe(200)
      expect(await answer.text()).toContain('<title>Home</title>')
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      expect(headers.get('content-security-policy')).toContain("script-src 'self';")
      expect([headers.get('cache-control'), headers.get('x-content-type-options')]).toEqual([
        'no-store',
        'nosniff',
      ])
    },
  )

  test.each([
    ['/main-3f9k2jx1.js', 'public, max-age=31536000, immutable'],
    ['/icon.svg', 'no-cache'],
  ])('%s is cached as long as its name allows', async (path, cacheControl) => {
    const answer = await get(path)
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, cacheControl])
  })

  test.each([
    ['gzip, deflate, br, zstd', 'gzip', 'compressed'],
    ['GZIP;q=0.5', 'gzip', 'compressed'],
    ['gzip;q=0', null, 'export {}'],
    ['br', null, 'export {}'],
    ['', null, 'export {}'],
  ])('to a browser that takes %p a script goes as %p', async (accepted, coding, text) => {
    const answer = await get('/main-3f9k2jx1.js', { 'Accept-Encoding': accepted })
    expect([answer.headers.get('content-encoding'), await answer.text()]).toEqual([coding, text])
    expect(answer.headers.get('content-type')).toContain('javascript')
    expect(answer.headers.get('vary')).toBe('Accept-Encoding')
  })

  test.each(['/missing.js', '/index.html', '/sub/index.html'])('there is no %s', async (path) => {
    expect((await get(path)).status).toBe(404)
  })

  test.each([
    '/.secret.js',
    '/..%2fownspace.db',
    '/%2e%2e/ownspace.db',
    '/a/../../server.key',
    '/web/../ownspace.db',
  ])('%s does not lead out of the folder', async (path) => {
    const body = await (await get(path)).text()
    expect([body.includes('hidden'), body.startsWith('SQLite')]).toEqual([false, false])
  })

  test('cannot be changed', async () => {
    expect((await platform.call('POST', '/', { body: {} })).status).toBe(404)
  })
})

describe('a host', () => {
  test.each(['http://localhost:7070', 'http://space.localhost', 'http://SPACE.localhost:7070'])(
    '%s is Home',
    async (origin) => {
      expect((await platform.call('GET', '/api/v0/time', { origin })).status).toBe(200)
    },
  )

  test.each([
    'http://evil.example',
    'http://notes-abc234.space.localhost',
    'http://space.localhost.evil.example',
  ])('%s is not', async (origin) => {
    for (const path of ['/', '/api/v0/time', '/login', '/auth/handoff'])
      expect((await platform.call('GET', path, { origin })).status).toBe(404)
  })
})

describe('what a request may send', () => {
  test('is bounded, and an oversized body leaves no file behind', async () => {
    const post = (path: string, body: string | Uint8Array, type: string) =>
      platform.call('POST', path, { token: owner.token, body, headers: { 'Content-Type': type } })
    const app = await json<{ id: string }>(
      platform.call('POST', '/api/v0/apps', { token: owner.token, body: { name: 'a' } }),
    )
    const build = await json<{ id: string }>(
      platform.call('POST', '/api/v0/builds', { token: owner.token, body: { app_id: app.id } }),
    )
    const uploads = () => readdirSync(join(platform.folder, 'uploads'))
    const before = uploads()
    const megabyte = new Uint8Array(1024 * 1024 + 1)
    expect((await post('/api/v0/apps', megabyte, 'application/json')).status).toBe(413)
    expect(
      (await post(`/api/v0/builds/${build.id}/icon`, new Uint8Array(2 * 1024 * 1024 + 1), 'image/png'))
        .status,
    ).toBe(413)
    expect((await post('/api/v0/cli-logins/x/approve', megabyte, 'application/json')).status).toBe(413)
    expect(uploads()).toEqual(before)
  })

  test.each([
    ['no JSON', '{', 'application/json', 'not valid JSON'],
    ['no UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 'application/json', 'not valid JSON'],
    ['no object', '[]', 'application/json', 'body'],
    ['a field of another type', '{"name":1}', 'application/json', 'name'],
    ['a form', 'name=x', 'application/x-www-form-urlencoded', 'Content-Type'],
    ['JSON under the name of text', '{"name":"x"}', 'text/plain', 'Content-Type'],
  ])('gets an error that explains %s', async (_, body, type, hint) => {
    const answer = await platform.call('POST', '/api/v0/apps', {
      token: owner.token,
      body,
      headers: { 'Content-Type': type },
    })
    const { errors, detail, code } = (await answer.json()) as {
      errors: string[]
      detail: string
      code: string
    }
    expect([answer.status, errors, code]).toEqual([400, [detail], 'invalid'])
    expect(detail).toContain(hint)
  })

  test('may be a few uploads at a time; the next one gets a 503', async () => {
    const open: ReadableStreamDefaultController<Uint8Array>[] = []
    const upload = () => {
      const body = new ReadableStream<Uint8Array>({ start: (controller) => void open.push(controller) })
      const headers = { ...FROM.home, Cookie: owner.cookie }
      const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit
      return platform.fetch(new Request(`${HOME}/api/v0/builds/bld_x/code`, init))
    }
    const waiting = [upload(), upload(), upload(), upload()]
    const refused = await upload()
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
    for (const controller of open) controller.close()
    for (const answer of await Promise.all(waiting)) expect(answer.status).toBe(404)
    expect((await platform.call('POST', '/api/v0/builds/bld_x/code', { token: owner.token })).status).toBe(
      404,
    )
  })

  test('cannot pass off an icon', async () => {
    const app = await json<{ id: string }>(
      platform.call('POST', '/api/v0/apps', { token: owner.token, body: { name: 'a' } }),
    )
    const build = await json<{ id: string }>(
      platform.call('POST', '/api/v0/builds', { token: owner.token, body: { app_id: app.id } }),
    )
    const icon = (body: string | Uint8Array) =>
      platform.call('POST', `/api/v0/builds/${build.id}/icon`, {
        token: owner.token,
        body,
        headers: { 'Content-Type': 'image/png' },
      })
    expect(
      (await icon('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')).status,
    ).toBe(400)
    expect((await icon(Buffer.from('89504e470d0a1a0a', 'hex'))).status).toBe(200)
  })
})

describe('a signed request', () => {
  test('is verified against the target as it was sent', async () => {
    const path = '/api/v0/promotions?per_page=1&revision_id=bld%5fx'
    const answer = await platform.call('GET', path, {
      token: owner.token,
      headers: { 'X-Space-Gateway-Target': path },
    })
    expect(answer.status).toBe(200)
  })

  test('is not valid for a target other than the served one', async () => {
    const headers = { 'X-Space-Gateway-Target': '/api/v0/apps' }
    const answer = await platform.call('GET', '/api/v0/space', { token: owner.token, headers })
    expect(answer.status).toBe(400)
  })

  test('has a body even as a GET', async () => {
    const path = '/api/v0/promotions?revision_id=x'
    const body = '{"revision_id":"x"}'
    const headers = new Headers({ 'Content-Type': 'application/json' })
    sign(headers, { method: 'GET', path, body, token: owner.token, nowMs: platform.clock.nowMs })
    headers.set('X-Space-Gateway-Body', btoa(body))
    const ask = () => platform.fetch(new Request(HOME + path, { headers }))
    expect((await ask()).status).toBe(200)
    headers.set('X-Space-Gateway-Body', btoa('{"revision_id":"y"}'))
    expect((await ask()).status).toBe(401)
  })

  test('that changes something is valid once', async () => {
    const path = '/api/v0/apps'
    const headers = new Headers({ 'Content-Type': 'application/json' })
    const body = '{"name":"once"}'
    sign(headers, { method: 'POST', path, body, token: owner.token, nowMs: platform.clock.nowMs })
    const send = () => platform.fetch(new Request(HOME + path, { method: 'POST', headers, body }))
    const first = await send()
    platform.clock.nowMs += 2000
    const again = await send()
    expect([first.status, again.status]).toEqual([201, 401])
  })

  test('can neither approve a log-in nor end a session', async () => {
    const out = await platform.call('DELETE', '/api/v0/session', { token: owner.token })
    expect(out.status).toBe(400)
  })
})

describe('an error of the server', () => {
  test('is in the log, and the client learns its id only', async () => {
    const broken = await openTestApi()
    await broken.db.schema.dropTable('api_keys').execute()
    const { token } = await setUp(broken)
    await broken.db.schema.alterTable('apps').renameTo('gone').execute()
    const answer = await broken.call('GET', '/api/v0/apps', { token, headers: { 'X-Request-Id': 'req-1' } })
    const text = await answer.text()
    expect(answer.status).toBe(500)
    expect(text).toContain('req-1')
    expect(text).not.toMatch(/gone|select|sqlite|apps/i)
    await broken[Symbol.asyncDispose]()
  })
})

test('nothing is answered to other origins, whatever they ask', async () => {
  const answer = await platform.call('OPTIONS', '/api/v0/apps', {
    from: { ...FROM.sibling, 'Access-Control-Request-Method': 'POST' },
  })
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([404, null])
})
