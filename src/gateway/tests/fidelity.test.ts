import { expect, test } from 'bun:test'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { requestHead, startOpenApp } from '../testing/open-app.ts'
import { RawClient } from '../testing/raw-client.ts'
import { always } from '../testing/raw-upstream.ts'
import { HOST, processAt, startTestGateway } from '../testing/test-gateway.ts'

const GET = requestHead('GET /')

test('a chunked response keeps its content and its trailers, and loses extensions and forbidden trailers', async () => {
  await using app = await startOpenApp(
    always(
      'HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0;z\r\n' +
        'X-Sum: 1\r\nSet-Cookie: a=1\r\nContent-Length: 3\r\nX-Space-Principal: x\r\n\r\n',
    ),
  )
  app.client.send(GET)
  expect(await app.client.untilReceived('X-Sum: 1\r\n\r\n')).toBe(
    'HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n',
  )
})

const TRAILED = `${requestHead('POST /', 'Trailer: X-Sum', 'Transfer-Encoding: chunked')}3\r\nabc\r\n0\r\nX-Sum: 1\r\nx-twice: a\r\nX-Twice: b\r\n\r\n`

test('a chunked request keeps its trailers, in order and as they are written, where the upstream reads them', async () => {
  await using app = await startOpenApp(undefined, {}, { server: 'node' })
  app.client.send(TRAILED)
  await app.client.untilReceived('ok')
  expect(app.upstream.received[0]).toContain('\r\nTrailer: X-Sum\r\n')
  expect(app.upstream.received[0]).toEndWith(
    '\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\nx-twice: a\r\nX-Twice: b\r\n\r\n',
  )
})

test('Node’s own server is given the trailers of a request', async () => {
  let trailers: unknown
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      trailers = request.trailers
      response.end('ok')
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  await using gateway = await startTestGateway({
    micros: [
      {
        name: 'web',
        publicRoutes: ['/*'],
        upstream: { ...processAt((server.address() as AddressInfo).port), server: 'node' } as const,
      },
    ],
  })
  using client = await RawClient.connect(gateway.port)
  client.send(TRAILED)
  await client.untilReceived('ok')
  expect(trailers).toEqual({ 'x-sum': '1', 'x-twice': 'a, b' })
  server.close()
})

test('a chunked request keeps its content, and loses trailers: some servers read them as the next request', async () => {
  await using app = await startOpenApp()
  app.client.send(
    `${requestHead('POST /', 'Transfer-Encoding: chunked')}3;a\r\nabc\r\n0\r\nX-Sum: 1\r\nCookie: a\r\nX_Space_Principal: b\r\n\r\n`,
  )
  await app.client.untilReceived('ok')
  expect(app.upstream.received[0]).toEndWith('\r\n\r\n3\r\nabc\r\n0\r\n\r\n')
  expect(app.upstream.received[0]).toContain('\r\nTransfer-Encoding: chunked\r\n')
})

test('a response that lasts until the upstream closes is sent in chunks, and the client’s connection is kept', async () => {
  await using app = await startOpenApp(({ socket }) => {
    socket.end('HTTP/1.0 200 OK\r\nX: y\r\n\r\nhello')
  })
  app.client.send(GET)
  expect(await app.client.untilReceived('0\r\n\r\n')).toBe(
    'HTTP/1.1 200 OK\r\nX: y\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
  )
  app.client.send(GET)
  await app.client.until(({ received }) => received.split('hello').length === 3)
})

test('an HTTP/1.0 client is never sent chunks nor interim responses', async () => {
  await using app = await startOpenApp(
    always(
      'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
    ),
  )
  app.client.send(`GET / HTTP/1.0\r\nHost: ${HOST}\r\nConnection: keep-alive\r\n\r\n`)
  expect(await app.client.untilEnd()).toBe('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello')
  expect(app.upstream.heads[0]).toStartWith('GET / HTTP/1.1\r\n')
})

test('an HTTP/1.0 client may keep its connection where the length is known', async () => {
  await using app = await startOpenApp()
  for (let count = 1; count <= 2; count++) {
    app.client.send(`GET / HTTP/1.0\r\nHost: ${HOST}\r\nConnection: keep-alive\r\n\r\n`)
    await app.client.until(
      ({ received }) => received.split('Connection: keep-alive\r\n\r\nok').length === count + 1,
    )
  }
  app.client.send(`GET / HTTP/1.0\r\nHost: ${HOST}\r\n\r\n`)
  expect(await app.client.untilEnd()).toEndWith('Connection: close\r\n\r\nok')
})

test('interim responses pass, and 100 comes from the app alone', async () => {
  await using app = await startOpenApp(({ socket, head }) => {
    if (head.startsWith('GET'))
      socket.write(
        'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nSet-Cookie: space_session=x\r\n\r\nHTTP/1.1 103 Again\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n',
      )
  })
  app.client.send(GET)
  expect(await app.client.untilReceived('204')).toBe(
    'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 103 Again\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n',
  )
})

test('Expect is forwarded, and its body follows only when the app has agreed', async () => {
  await using app = await startOpenApp(
    ({ socket }) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
  )
  app.client.send(requestHead('PUT /', 'Expect: 100-continue', 'Content-Length: 3'))
  await app.upstream.until(({ received }) => received[0]?.includes('Expect: 100-continue\r\n') === true)
  expect(app.client.received).toBe('')
  app.client.send('abc')
  await app.client.untilReceived('ok')
  expect(app.upstream.received[0]).toEndWith('\r\n\r\nabc')
})

test('a response to HEAD keeps its Content-Length and has no body', async () => {
  await using app = await startOpenApp(({ socket, head }) => {
    socket.write(
      head.startsWith('HEAD')
        ? 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'
        : 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
    )
  })
  app.client.send(requestHead('HEAD /') + GET)
  expect(await app.client.untilReceived('ok')).toBe(
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
  )
})

test('a GET with a body keeps it', async () => {
  await using app = await startOpenApp()
  app.client.send(`${requestHead('GET /search', 'Content-Length: 5')}{"a"}`)
  await app.client.untilReceived('ok')
  expect(app.upstream.received[0]).toEndWith('\r\n\r\n{"a"}')
})

test('a request in single octets arrives like one in one piece', async () => {
  await using app = await startOpenApp()
  const text = `${requestHead('POST /a', 'X: y', 'Content-Length: 3')}abc`
  app.client.socket.setNoDelay(true)
  for (const octet of text) app.client.send(octet)
  await app.client.untilReceived('ok')
  const one = app.upstream.received[0]!.replace(/X-Request-Id: .*\r\n/, '')
  const other = await app.connect()
  other.send(text)
  await other.untilReceived('ok')
  const both = app.upstream.received.join('').replaceAll(/X-Request-Id: .*\r\n/g, '')
  expect(both).toBe(one + one)
})
