import { describe, expect, test } from 'bun:test'
import { requestHead, startOpenApp } from '../testing/open-app.ts'
import { always, startRawUpstream } from '../testing/raw-upstream.ts'
import { HOST, processAt, SESSION, startTestGateway } from '../testing/test-gateway.ts'
import { RawClient } from '../testing/raw-client.ts'

const SMUGGLED = requestHead('GET /smuggled')
const post = (fields: readonly string[], body: string) => requestHead('POST /', ...fields) + body

describe('an ambiguous message is refused, and the app receives no octet of it', () => {
  test.each([
    ['CL.TE', post(['Content-Length: 6', 'Transfer-Encoding: chunked'], `0\r\n\r\n${SMUGGLED}`)],
    ['TE.CL', post(['Transfer-Encoding: chunked', 'Content-Length: 4'], `5c\r\n${SMUGGLED}\r\n0\r\n\r\n`)],
    ['TE.TE xchunked', post(['Transfer-Encoding: chunked', 'Transfer-Encoding: xchunked'], '0\r\n\r\n')],
    ['TE with a vertical tab', post(['Transfer-Encoding:\x0bchunked'], '0\r\n\r\n')],
    ['TE with a blank before the colon', post(['Transfer-Encoding : chunked'], '0\r\n\r\n')],
    ['TE on a folded line', post(['Foo: bar', ' Transfer-Encoding: chunked'], '0\r\n\r\n')],
    ['TE folded', post(['Transfer-Encoding:', ' chunked'], '0\r\n\r\n')],
    ['TE identity and CL', post(['Transfer-Encoding: identity', 'Content-Length: 3'], 'abc')],
    ['TE behind a bare LF', post(['Foo: bar\nTransfer-Encoding: chunked'], '0\r\n\r\n')],
    ['TE behind a bare CR', post(['Foo: bar\rTransfer-Encoding: chunked'], '0\r\n\r\n')],
    ['TE behind a NUL', post(['Foo: bar\0Transfer-Encoding: chunked'], '0\r\n\r\n')],
    ['CL.CL', post(['Content-Length: 0', `Content-Length: ${SMUGGLED.length}`], SMUGGLED)],
    ['CL list', post([`Content-Length: 0, ${SMUGGLED.length}`], SMUGGLED)],
    ['CL with a plus', post([`Content-Length: +${SMUGGLED.length}`], SMUGGLED)],
    ['CL with a blank inside', post(['Content-Length: 1 0'], 'a')],
    ['Host twice', requestHead('GET /', 'Host: other.cloud.test')],
    ['absolute-form for another host', requestHead('GET http://other.cloud.test/')],
    ['opaque target', requestHead('GET http:http://internal/admin')],
    ['a fragment', requestHead('GET /public/#/../admin')],
  ])('%s', async (_name, text) => {
    await using app = await startOpenApp()
    app.client.send(text)
    const answer = await app.client.untilEnd()
    expect(answer).toStartWith('HTTP/1.1 400 Bad Request\r\n')
    expect(answer).toContain('Connection: close\r\n')
    expect(answer.match(/^HTTP/gm)).toHaveLength(1)
    expect(app.upstream.received).toEqual([])
  })
})

describe('chunks that cannot be trusted never become requests', () => {
  test.each([
    ['a bare LF in an extension', `1;\n${'x'.repeat(5)}\r\n`],
    ['a bare LF behind the size', '1\nx\r\n0\r\n\r\n'],
    ['a size that overflows', 'fffffffffffffffff\r\nx'],
    ['a chunk longer than its size', `1\r\nxGET /smuggled HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`],
    ['a negative size', '-1\r\nx\r\n'],
  ])('%s', async (_name, body) => {
    await using app = await startOpenApp()
    app.client.send(post(['Transfer-Encoding: chunked'], body))
    const answer = await app.client.untilEnd()
    expect(answer.startsWith('HTTP/1.1 400 ') || answer === '').toBe(true)
    expect(app.upstream.heads).toEqual([])
    expect(app.upstream.received.join('')).not.toContain('smuggled')
  })
})

test.each([
  [{}, '0\r\n\r\n'],
  [{ server: 'bun' }, '0\r\n\r\n'],
  [{ server: 'node' }, '0\r\nX-Ok: 1\r\n\r\n'],
] as const)('what a trailer claims never reaches the app, whatever its server: %p', async (entry, end) => {
  await using app = await startOpenApp(undefined, {}, entry)
  app.client.send(
    post(
      ['Transfer-Encoding: chunked'],
      '0\r\nCookie: space_session=x\r\nContent-Length: 5\r\nHost: b\r\nX-Forwarded-For: 1\r\nX_Forwarded_For: 1\r\nX-Real-IP: 1\r\nX-Space-Principal: user:1\r\nX.Space.Principal: user:1\r\nX-Space-App-Key: a\r\nX-API-Key: a\r\nX-HTTP-Method-Override: PUT\r\nX-Request-Id: 1\r\nTransfer-Encoding: chunked\r\nAuthorization: x\r\nX-Ok: 1\r\n\r\n',
    ),
  )
  await app.client.untilReceived('ok')
  expect(app.upstream.received[0]).toEndWith(`\r\n\r\n${end}`)
})

describe('a body that the app may leave unread', () => {
  const body = requestHead('GET /admin')
  const withBody = requestHead('POST /', `Content-Length: ${body.length}`) + body

  test('is the last of its connection where it is a stranger’s', async () => {
    await using app = await startOpenApp()
    app.client.send(withBody + withBody)
    await app.client.until(({ received }) => received.split('ok').length === 3)
    expect(app.upstream.heads[0]).toContain('\r\nConnection: close\r\n')
    expect(app.upstream.received.length).toBe(2)
    await app.upstream.until(({ openConnections }) => openConnections === 0)
  })

  test('is not where the server is known to read it', async () => {
    await using app = await startOpenApp(undefined, {}, { server: 'node' })
    app.client.send(withBody + withBody)
    await app.client.until(({ received }) => received.split('ok').length === 3)
    expect(app.upstream.heads[0]).not.toContain('Connection:')
    expect(app.upstream.received.length).toBe(1)
  })

  test('is not where it is the owner’s, nor does a request without a body end a connection', async () => {
    await using upstream = await startRawUpstream()
    await using gateway = await startTestGateway({
      micros: [{ name: 'web', upstream: processAt(upstream.port) }],
    })
    using client = await RawClient.connect(gateway.port)
    const cookie = `Cookie: space_session=${SESSION}`
    const origin = `Origin: http://${HOST}`
    const own = requestHead('POST /', cookie, origin, `Content-Length: ${body.length}`) + body
    client.send(own + requestHead('GET /', cookie) + own)
    await client.until(({ received }) => received.split('ok').length === 4)
    expect(upstream.received.length).toBe(1)
  })
})

describe('a body behind the answer to HEAD', () => {
  const evil = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil'
  /** As some write it: the head at once, and the body when the next request is about to come. */
  const startLate = (entry?: { server?: 'node' }) =>
    startOpenApp(
      ({ head, socket, connection, index }) => {
        if (head.startsWith('HEAD')) return void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 44\r\n\r\n')
        const isBehind = connection === 0 && index > 0
        socket.write(isBehind ? evil : 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood')
      },
      {},
      entry,
    )

  test('is no answer to the next request', async () => {
    await using app = await startLate()
    app.client.send(requestHead('HEAD /') + requestHead('GET /', 'Connection: close'))
    expect(await app.client.untilEnd()).toEndWith('good')
    expect(app.upstream.heads[0]).toContain('\r\nConnection: close\r\n')
    expect(app.upstream.heads[1]).not.toContain('Connection: close')
  })

  test('is not expected of servers that are known to send none', async () => {
    await using app = await startLate({ server: 'node' })
    app.client.send(requestHead('HEAD /') + requestHead('HEAD /', 'Connection: close'))
    await app.client.untilEnd()
    expect(app.upstream.received.length).toBe(1)
  })
})

test('an upgrade that the app refuses leaves a connection whose next request is judged', async () => {
  await using upstream = await startOpenApp(
    always('HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nContent-Length: 2\r\n\r\nno'),
  )
  await using gateway = await startTestGateway({
    micros: [{ name: 'web', publicRoutes: ['/ws'], upstream: processAt(upstream.upstream.port) }],
  })
  using client = await RawClient.connect(gateway.port)
  client.send(
    requestHead('GET /ws', 'Connection: Upgrade', 'Upgrade: websocket') +
      requestHead('GET /private', 'Connection: close'),
  )
  const all = await client.untilEnd()
  expect(all).toContain('HTTP/1.1 426 Upgrade Required\r\n')
  expect(all).toContain('HTTP/1.1 401 Unauthorized\r\n')
  expect(upstream.upstream.heads).toHaveLength(1)
})

test('an upgrade on a private route without a session opens nothing', async () => {
  await using app = await startOpenApp(undefined, { micros: [{ name: 'web', upstream: processAt(1) }] })
  app.client.send(requestHead('GET /ws', 'Connection: Upgrade', 'Upgrade: websocket'))
  expect(await app.client.untilReceived('\r\n\r\n')).toStartWith('HTTP/1.1 401 ')
})

test('a 101 without a requested upgrade opens no tunnel', async () => {
  await using app = await startOpenApp(always('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nraw'))
  app.client.send(requestHead('GET /'))
  expect(await app.client.untilReceived('\r\n\r\n')).toStartWith('HTTP/1.1 502 ')
})

test('an answer with two readings is a bad gateway', async () => {
  for (const head of [
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2',
    'HTTP/1.1 200 OK\r\nX: a\r\n b',
    'HTTP/1.1 200 OK\nX: a',
  ]) {
    await using app = await startOpenApp(always(`${head}\r\n\r\nok`))
    app.client.send(requestHead('GET /', 'Connection: close'))
    expect(await app.client.untilEnd()).toStartWith('HTTP/1.1 502 Bad Gateway\r\n')
  }
})

test('one client’s answer never reaches another', async () => {
  await using app = await startOpenApp(({ head, socket }) => {
    const path = head.split(' ')[1]!
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${path.length}\r\n\r\n${path}`)
  })
  const clients = await Promise.all(Array.from({ length: 20 }, () => app.connect()))
  for (let round = 0; round < 10; round++) {
    clients.forEach((client, index) => client.send(requestHead(`GET /${index}-${round}.`)))
  }
  for (const [index, client] of clients.entries()) {
    const all = await client.untilReceived(`/${index}-9.`)
    expect([...(all.match(/\/\d+-\d+\./g) ?? [])]).toEqual(
      Array.from({ length: 10 }, (_, round) => `/${index}-${round}.`),
    )
  }
})

describe('methods that echo', () => {
  test.each(['TRACE', 'TRACK'])('%s never reaches the app', async (method) => {
    await using app = await startOpenApp()
    app.client.send(requestHead(`${method} /`, `Cookie: space_session=${SESSION}`))
    expect(await app.client.untilReceived('\r\n\r\n')).toStartWith('HTTP/1.1 405 ')
    expect(app.upstream.received).toEqual([])
  })
})

test('OPTIONS * is answered by the gateway', async () => {
  await using app = await startOpenApp()
  app.client.send(requestHead('OPTIONS *') + requestHead('GET /'))
  expect(await app.client.untilReceived('ok')).toMatch(
    /^HTTP\/1\.1 204 No Content\r\nDate: .*\r\n\r\nHTTP\/1\.1 200 OK/,
  )
})
