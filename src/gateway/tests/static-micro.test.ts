/** A static micro as a client on a socket sees it, through every step of the gateway. */
import { expect, test } from 'bun:test'
import { createTestSite, SECRET } from '../static/testing/test-site.ts'
import { RawClient } from '../testing/raw-client.ts'
import { HOST, SESSION, startTestGateway, type TestMicro } from '../testing/test-gateway.ts'

const COOKIE = `Cookie: space_session=${SESSION}`
const LARGE = 'abcdefghij'.repeat(300_000)

test('a private file is served to its owner, a public one to everyone, and shared caches keep neither', async () => {
  using site = createTestSite({ 'index.html': SECRET, 'open.txt': 'for all' })
  await using gateway = await startTestGateway({ micros: [webAt(site.root, ['/open.txt'])] })
  const refused = await ask(gateway.port, 'GET / HTTP/1.1')
  expect(refused).toStartWith('HTTP/1.1 401 Unauthorized\r\n')
  expect(refused).not.toContain(SECRET)
  const own = await ask(gateway.port, 'GET / HTTP/1.1', COOKIE)
  expect(own).toStartWith('HTTP/1.1 200 OK\r\n')
  expect(own).toEndWith(`\r\n\r\n${SECRET}`)
  const open = await ask(gateway.port, 'GET /open.txt HTTP/1.1')
  expect(open).toEndWith('\r\n\r\nfor all')
  for (const answer of [own, open]) expect(answer).toContain('Cache-Control: private, no-cache\r\n')
})

test('a private file is for pages of its own app, also where no Fetch Metadata tells who asks', async () => {
  using site = createTestSite({ 'index.html': SECRET, 'open.txt': 'for all', 'data.json': '{}' })
  await using gateway = await startTestGateway({ micros: [webAt(site.root, ['/open.txt'])] })
  const isOwn = (answer: string) =>
    /^Cross-Origin-Resource-Policy: same-origin\r$/m.test(answer) &&
    /^X-Frame-Options: SAMEORIGIN\r$/m.test(answer)
  for (const line of [
    'GET / HTTP/1.1',
    'HEAD /data.json HTTP/1.1',
    'GET /data.json HTTP/1.0',
    'GET /none HTTP/1.1',
  ])
    for (const times of [1, 2, 3])
      expect([line, times, isOwn(await ask(gateway.port, line, COOKIE))]).toEqual([line, times, true])
  expect(isOwn(await ask(gateway.port, 'GET /data.json HTTP/1.1', COOKIE, 'Range: bytes=0-0'))).toBe(true)
  expect(isOwn(await ask(gateway.port, 'GET /open.txt HTTP/1.1', COOKIE))).toBe(false)
  const fromSibling = ['Sec-Fetch-Site: same-site', 'Sec-Fetch-Mode: no-cors', 'Sec-Fetch-Dest: script']
  expect(await ask(gateway.port, 'GET /data.json HTTP/1.1', COOKIE, ...fromSibling)).toStartWith(
    'HTTP/1.1 401',
  )
})

test('a file arrives whole, in parts, and for HEAD not at all', async () => {
  using site = createTestSite({ 'large.txt': LARGE })
  await using gateway = await startTestGateway({ micros: [webAt(site.root)] })
  const whole = await ask(gateway.port, 'GET /large.txt HTTP/1.1', COOKIE)
  expect(whole).toContain(`Content-Length: ${LARGE.length}\r\n`)
  expect(whole.split('\r\n\r\n')[1]).toBe(LARGE)
  const parts = await ask(gateway.port, 'GET /large.txt HTTP/1.1', COOKIE, 'Range: bytes=0-1, -2')
  const [head, body] = splitOnce(parts)
  expect(head).toStartWith('HTTP/1.1 206 Partial Content\r\n')
  expect(head).toContain(`Content-Length: ${body.length}\r\n`)
  expect(body).toContain(`Content-Range: bytes 0-1/${LARGE.length}\r\n\r\nab\r\n`)
  const described = await ask(gateway.port, 'HEAD /large.txt HTTP/1.1', COOKIE)
  expect(described).toContain(`Content-Length: ${LARGE.length}\r\n`)
  expect(splitOnce(described)[1]).toBe('')
})

test('a copy that is current costs no body and leaves the connection usable', async () => {
  using site = createTestSite({ 'a.txt': 'content' })
  await using gateway = await startTestGateway({ micros: [webAt(site.root)] })
  const etag = /ETag: (.*)\r\n/.exec(await ask(gateway.port, 'GET /a.txt HTTP/1.1', COOKIE))![1]
  const request = `GET /a.txt HTTP/1.1\r\nHost: ${HOST}\r\n${COOKIE}\r\n`
  using client = await RawClient.connect(gateway.port)
  client.send(`${request}If-None-Match: ${etag}\r\n\r\n${request}Connection: close\r\n\r\n`)
  const [first, second] = splitOnce(await client.untilEnd())
  expect(first).toStartWith('HTTP/1.1 304 Not Modified\r\n')
  expect(second).toStartWith('HTTP/1.1 200 OK\r\n')
  expect(second).toEndWith('content')
})

test('below a mount, the folder’s address ends with a slash and what is missing is missing', async () => {
  using site = createTestSite({ 'index.html': 'manual' })
  const docs: TestMicro = { ...webAt(site.root), name: 'docs', mount: '/docs' }
  await using gateway = await startTestGateway({ micros: [docs, webAt(site.outside)] })
  expect(await ask(gateway.port, 'GET /docs?a=1 HTTP/1.1', COOKIE)).toContain('Location: ./docs/?a=1\r\n')
  expect(await ask(gateway.port, 'GET /docs/ HTTP/1.1', COOKIE)).toEndWith('manual')
  const missing = await ask(gateway.port, 'GET /docs/none HTTP/1.1', COOKIE)
  expect(missing).toStartWith('HTTP/1.1 404 Not Found\r\n')
  expect(JSON.parse(splitOnce(missing)[1])).toMatchObject({
    code: 'not_found',
    request_id: expect.any(String),
  })
})

test('no spelling of a path leads out of the folder', async () => {
  using site = createTestSite({ 'index.html': 'home', 'docs/a.txt': 'a' })
  await using gateway = await startTestGateway({ micros: [webAt(site.root, ['/*'])] })
  for (const path of [
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/..%5csecret.txt',
    '/docs/..%2f..%2fsecret.txt',
    '/%252e%252e/secret.txt',
    '//../secret.txt',
    '/docs/..;/secret.txt',
    '/secret.txt%00',
  ])
    for (const credential of [COOKIE, 'X-A: b']) {
      const answer = await ask(gateway.port, `GET ${path} HTTP/1.1`, credential)
      expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
      expect(answer).not.toContain(SECRET)
    }
})

const OPENS_PAGE = ['Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document', 'Sec-Fetch-Site: none']
const TAG = /<script src="\/__space\/v0\/runtime\.js\?[\w-]+"><\/script>/

test('a page of a signed-in user loads the client runtime; strangers and scripts get the file as it is', async () => {
  const page = `<!doctype html><head><title>x</title></head>${'<p>text</p>'.repeat(200)}`
  using site = createTestSite({ 'index.html': page, 'a.txt': page, 'pong.html': 'pong' })
  await using gateway = await startTestGateway({ micros: [webAt(site.root, ['/*'])], addsRuntime: true })
  const get = async (path: string, ...lines: string[]) => {
    const [head, body] = splitOnce(await ask(gateway.port, `GET ${path} HTTP/1.1`, ...lines))
    expect(head).toContain(`Content-Length: ${body.length}\r\n`)
    return { head, body, etag: /ETag: (.*)\r/.exec(head)![1]! }
  }
  const own = await get('/', COOKIE, ...OPENS_PAGE)
  expect(own.body).toMatch(/^<!doctype html><head><script/)
  expect(own.body.replace(TAG, '')).toBe(page)
  const again = await ask(gateway.port, 'GET / HTTP/1.1', COOKIE, ...OPENS_PAGE, `If-None-Match: ${own.etag}`)
  expect(again).toStartWith('HTTP/1.1 304 ')
  const packed = await get('/', COOKIE, ...OPENS_PAGE, 'Accept-Encoding: gzip')
  expect(packed.head).toContain('Content-Encoding: gzip\r\n')
  expect(Buffer.from(Bun.gunzipSync(Buffer.from(packed.body, 'latin1'))).toString()).toBe(own.body)
  const part = await ask(
    gateway.port,
    'GET / HTTP/1.1',
    COOKIE,
    ...OPENS_PAGE,
    'Range: bytes=21-40',
    `If-Range: ${own.etag}`,
  )
  expect(splitOnce(part)[1]).toBe(own.body.slice(21, 41))
  for (const plain of [
    await get('/', ...OPENS_PAGE),
    await get('/', COOKIE, 'Sec-Fetch-Mode: cors', 'Sec-Fetch-Site: same-origin'),
  ]) {
    expect(plain.body).toBe(page)
    expect(plain.etag).not.toBe(own.etag)
  }
  expect((await get('/a.txt', COOKIE, ...OPENS_PAGE)).body).toBe(page)
  expect((await get('/pong.html', COOKIE, ...OPENS_PAGE)).body).toBe('pong')
})

const webAt = (root: string, publicRoutes: readonly string[] = []): TestMicro => ({
  name: 'web',
  publicRoutes,
  upstream: { kind: 'static', root, spaFallback: false },
})

async function ask(port: number, ...lines: readonly string[]): Promise<string> {
  using client = await RawClient.connect(port)
  client.send([...lines, `Host: ${HOST}`, 'Connection: close', '', ''].join('\r\n'))
  return await client.untilEnd()
}

function splitOnce(answer: string): [head: string, body: string] {
  const end = answer.indexOf('\r\n\r\n') + 4
  return [answer.slice(0, end), answer.slice(end)]
}
