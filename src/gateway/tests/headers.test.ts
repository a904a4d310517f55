import { describe, expect, test } from 'bun:test'
import { RawClient } from '../testing/raw-client.ts'
import { always, startRawUpstream } from '../testing/raw-upstream.ts'
import { HOST, KEY, processAt, SESSION, startTestGateway } from '../testing/test-gateway.ts'

/** What a micro receives for a public request with these header lines. */
async function received(...lines: string[]): Promise<string> {
  await using upstream = await startRawUpstream()
  await using gateway = await startTestGateway({
    micros: [{ name: 'web', publicRoutes: ['/*'], apiKeys: true, upstream: processAt(upstream.port) }],
  })
  using client = await RawClient.connect(gateway.port)
  client.send(`GET / HTTP/1.1\r\nHost: ${HOST}\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`)
  await client.untilReceived('ok')
  return upstream.heads[0]!
}

const OURS = 5
/** Field lines without the Host before and our own behind them. */
const passed = (head: string): string[] => head.trimEnd().split('\r\n').slice(2, -OURS)

describe('what a client claims never reaches a micro', () => {
  test.each([
    'X-Space-Principal: user:owner',
    'x-space-principal: user:owner',
    'X_Space_Principal: user:owner',
    'X.Space.Principal: user:owner',
    'X-Space_Principal: user:owner',
    'X-Space-Key-Name: Phone',
    'X-Space-User-Id: owner',
    'X-Space-Gateway-Instance: inst_1',
    'X_Space_Gateway_Principal: user:owner',
    'X-Space-Anything: at all',
    `X-Space-App-Key: ${KEY}`,
    'x_space_app_key: wrong',
    'X-Forwarded-For: 127.0.0.1',
    'X_Forwarded_For: 127.0.0.1',
    'X.Forwarded.For: 127.0.0.1',
    'X-Forwarded-Host: evil.test',
    'X-Forwarded-Proto: https',
    'X_Forwarded_Proto: https',
    'X-Forwarded-Uri: /public',
    'X-Forwarded-Path: /public',
    'X-Forwarded-Prefix: /public',
    'X-Forwarded-Port: 443',
    'X-Forwarded-Server: a',
    'X-Forwarded-User: owner',
    'Forwarded: for=127.0.0.1;host=evil.test',
    'X-Real-IP: ::1',
    'X_Real_IP: ::1',
    'True-Client-IP: ::1',
    'X-Client-IP: ::1',
    'X-Cluster-Client-IP: ::1',
    'X-Original-URL: /admin',
    'X-Original-URI: /admin',
    'X-Original-Host: evil.test',
    'X-Rewrite-URL: /admin',
    'X-Request-Id: mine',
    'Proxy: http://evil.test',
    'Content_Length: 5',
    'Content.Length: 5',
    'Transfer_Encoding: chunked',
  ])('%s', async (line) => {
    expect(passed(await received('A: 1', line, 'B: 2'))).toEqual(['A: 1', 'B: 2'])
  })

  test.each([
    'Keep-Alive: timeout=5',
    'TE: trailers',
    'Proxy-Connection: close',
    'Proxy-Authorization: Basic x',
    'Upgrade: x',
    'HTTP2-Settings: x',
  ])('it holds for one hop only: %s', async (line) => {
    expect(passed(await received('A: 1', line, 'B: 2'))).toEqual(['A: 1', 'B: 2'])
  })
})

test('what Connection names is for this hop, and what we say cannot be named away', async () => {
  const head = await received(
    'Connection: X-One, X-Space-Principal, X-Forwarded-For, Host, Cookie',
    'X-One: 1',
    'X-Two: 2',
    'Cookie: a=1',
  )
  expect(passed(head)).toEqual(['X-Two: 2'])
  expect(head).toContain(`\r\nHost: ${HOST}\r\n`)
  expect(head).toContain('\r\nX-Forwarded-For: 127.0.0.1\r\n')
  expect(head).toContain('\r\nX-Space-Principal: anonymous\r\n')
})

test('Connection cannot name the length of the body away', async () => {
  await using upstream = await startRawUpstream()
  await using gateway = await startTestGateway({
    micros: [{ name: 'web', publicRoutes: ['/*'], upstream: processAt(upstream.port) }],
  })
  using client = await RawClient.connect(gateway.port)
  client.send(
    `POST / HTTP/1.1\r\nHost: ${HOST}\r\nConnection: Content-Length\r\nContent-Length: 3\r\n\r\nabc`,
  )
  await client.untilReceived('ok')
  expect(upstream.received[0]).toContain('\r\nContent-Length: 3\r\n')
})

test('everything else passes as it was sent, also what looks odd', async () => {
  const lines = [
    'x-API-key: mine',
    'Authorization: Bearer x',
    'User-Agent:GoogleHC/1.0',
    'X_Foo:\t1',
    'a.b: c',
    'CF-Ray: 1',
    'Te-St: \xe4\xff',
    'Empty:',
    'A: 1',
    'A: 2',
    'Expect: 100-continue',
  ]
  expect(passed(await received(...lines))).toEqual(lines)
})

describe('cookies', () => {
  test.each([
    ['a=1', 'Cookie: a=1'],
    [`space_session=${SESSION}`, null],
    [`a=1; space_session=${SESSION}`, 'Cookie: a=1'],
    [`space_session=${SESSION}; a=1`, 'Cookie: a=1'],
    ['a=1;space_login=x;space_home=y;b="2;3"; c', 'Cookie: a=1;b="2;3"; c'],
    ['__Host-space_session=x; a=1', 'Cookie: a=1'],
    ['__host-SPACE_session=x; a=1', 'Cookie: a=1'],
    ['__Secure-space_home=x; a=1', 'Cookie: a=1'],
    ['a=1;\tspace_session = x; b=2', 'Cookie: a=1; b=2'],
    ['space_session', null],
    ['space_sessions=1; my_space_session=2', 'Cookie: space_sessions=1; my_space_session=2'],
    ['a="; space_session=x; b="', 'Cookie: a="; b="'],
  ])('%s', async (cookie, expected) => {
    expect(passed(await received(`Cookie: ${cookie}`))).toEqual(expected === null ? [] : [expected])
  })

  test('every Cookie line is cleaned', async () => {
    expect(passed(await received('Cookie: a=1', `cookie: space_session=${SESSION}`, 'COOKIE: b=2'))).toEqual([
      'Cookie: a=1',
      'COOKIE: b=2',
    ])
  })
})

test('the internal key is removed where it admitted the request, and kept where it is the app’s own header', async () => {
  await using upstream = await startRawUpstream()
  await using gateway = await startTestGateway({
    micros: [{ name: 'web', upstream: processAt(upstream.port) }],
  })
  using client = await RawClient.connect(gateway.port)
  client.send(`GET / HTTP/1.1\r\nHost: ${HOST}\r\nX-API-Key: internal-key\r\n\r\n`)
  await client.untilReceived('ok')
  expect(upstream.heads[0]).toContain('X-Space-Principal: app\r\n')
  expect(upstream.heads[0]).not.toContain('internal-key')
})

test('HTTP/2 is never spoken behind our back', async () => {
  for (const protocol of ['h2c', 'H2C', 'websocket, h2c', 'HTTP/2.0', 'TLS/1.0'])
    expect(
      (
        await received('Connection: Upgrade, HTTP2-Settings', `Upgrade: ${protocol}`, 'HTTP2-Settings: AAMA')
      ).toLowerCase(),
    ).not.toMatch(/upgrade|http2-settings/)
})

/** What a client receives for a response with these header lines. */
async function answered(lines: readonly string[], status = '200 OK', body = 'ok'): Promise<string> {
  await using upstream = await startRawUpstream(
    always(
      Buffer.from(
        `HTTP/1.1 ${status}\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n${body}`,
        'latin1',
      ),
    ),
  )
  await using gateway = await startTestGateway({
    micros: [{ name: 'web', publicRoutes: ['/*'], upstream: processAt(upstream.port) }],
  })
  using client = await RawClient.connect(gateway.port)
  client.send(`GET / HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`)
  return await client.untilReceived(body === '' ? '\r\n\r\n' : body)
}

describe('what an app answers', () => {
  test('passes as it was sent: order, case, doubles, status text', async () => {
    const lines = [
      'Server: x',
      'sEt-cookie: a=1; Path=/',
      'Set-Cookie: b=2; HttpOnly',
      'X_Y:z',
      'Content-Length: 2',
      'Etag: "\xe4"',
    ]
    expect(await answered(lines, '299 \xc4u\xdferst gut')).toBe(
      `HTTP/1.1 299 \xc4u\xdferst gut\r\n${lines.join('\r\n')}\r\n\r\nok`,
    )
  })

  test.each([
    'Set-Cookie: space_session=x',
    'Set-Cookie: __Host-space_session=x; Secure; Path=/',
    'set-cookie:  Space_Login = x',
    'Set-Cookie: space_home=x',
    'Set-Cookie: a=1; Domain=cloud.test',
    'Set-Cookie: a=1;domain=.cloud.test; Path=/',
    'Set-Cookie: a=1; DOMAIN',
    'Set-Cookie: =space_session=x',
    'Set-Cookie: space_session',
    'Set_Cookie: a=1',
    'X-Accel-Redirect: /etc/passwd',
    'X-Sendfile: /etc/passwd',
    'X-Space-Principal: x',
    'X-Space-Gateway-Instance: x',
    'Keep-Alive: timeout=5',
    'Connection: keep-alive',
    'Proxy-Authenticate: Basic',
    'Upgrade: h2c',
  ])('but for %s', async (line) => {
    expect(await answered(['A: 1', line, 'B: 2', 'Content-Length: 2'])).toBe(
      'HTTP/1.1 200 OK\r\nA: 1\r\nB: 2\r\nContent-Length: 2\r\n\r\nok',
    )
  })

  test('a cookie for the very host of the request is kept, for that host only', async () => {
    const lines = [
      'A: 1',
      `set-cookie: sid=1; Domain=.${HOST.toUpperCase()}; Path=/`,
      'B: 2',
      'Content-Length: 2',
    ]
    expect(await answered(lines)).toBe(
      'HTTP/1.1 200 OK\r\nA: 1\r\nSet-Cookie: sid=1; Path=/\r\nB: 2\r\nContent-Length: 2\r\n\r\nok',
    )
  })

  test('a cookie for more than the host is noted for the log of the app', async () => {
    const setCookie = 'Set-Cookie: sid=1; Domain=cloud.test\r\n'
    await using upstream = await startRawUpstream(
      always(`HTTP/1.1 200 OK\r\n${setCookie}Content-Length: 2\r\n\r\nok`),
    )
    await using gateway = await startTestGateway({
      micros: [{ name: 'web', publicRoutes: ['/*'], upstream: processAt(upstream.port) }],
    })
    using client = await RawClient.connect(gateway.port)
    client.send(`GET / HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`)
    await client.untilReceived('ok')
    expect(gateway.logNotes).toEqual([
      { kind: 'wide-cookie', instanceId: 'inst_1', micro: 'web', cookie: 'sid', domain: 'cloud.test' },
    ])
  })

  test('a field that Connection names stays behind', async () => {
    expect(await answered(['Connection: X-Hop', 'X-Hop: 1', 'Content-Length: 2'])).toBe(
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
    )
  })

  test.each([[['Content-Length: 0']], [['Connection: content-length', 'Content-Length: 0']]])(
    'a 204 has no length: %j',
    async (lines) => {
      expect(await answered(lines, '204 No Content', '')).toBe('HTTP/1.1 204 No Content\r\n\r\n')
    },
  )
})
