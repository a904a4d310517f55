import { expect, test } from 'bun:test'
import { RawClient } from '../testing/raw-client.ts'
import { always, OK, startRawUpstream } from '../testing/raw-upstream.ts'
import { HOST, KEY, processAt, SESSION, startTestGateway } from '../testing/test-gateway.ts'

const COOKIE = `Cookie: space_session=${SESSION}`

test('a signed-in request reaches the micro with exactly the headers it should have', async () => {
  await using upstream = await startRawUpstream()
  await using gateway = await startTestGateway({
    micros: [{ name: 'web', upstream: processAt(upstream.port) }],
  })
  using client = await RawClient.connect(gateway.port)
  client.send(
    `GET /a%20b?q=1 HTTP/1.1\r\nhOst: ${HOST}\r\nX-B:  two\r\nx-a: one\r\nX-B: three\r\n` +
      `Cookie: a=1; space_session=${SESSION}; b="2; 3"\r\nX-Space-Principal: owner\r\n` +
      `X_Forwarded_For: 6.6.6.6\r\nAccept: text/plain\r\n\r\n`,
  )
  await client.untilReceived('ok')
  const id = /X-Request-Id: (\S+)/.exec(upstream.heads[0]!)![1]
  expect(upstream.heads[0]).toBe(
    `GET /a%20b?q=1 HTTP/1.1\r\nhOst: ${HOST}\r\nX-B:  two\r\nx-a: one\r\nX-B: three\r\n` +
      `Cookie: a=1; b="2; 3"\r\nAccept: text/plain\r\n` +
      `X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: ${HOST}\r\n` +
      `X-Request-Id: ${id}\r\nX-Space-Principal: user:usr_1\r\n\r\n`,
  )
  // What is for one person is not for a cache that many share.
  const forItsOwner =
    'Cache-Control: private\r\nCross-Origin-Resource-Policy: same-origin\r\nX-Frame-Options: SAMEORIGIN\r\n'
  expect(client.received).toBe(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n${forItsOwner}\r\nok`)
  expect(gateway.uses).toEqual(['session ses_1'])
})

test('a request without a credential never reaches the micro', async () => {
  await using upstream = await startRawUpstream()
  await using gateway = await startTestGateway({
    micros: [{ name: 'web', upstream: processAt(upstream.port) }],
  })
  using client = await RawClient.connect(gateway.port)
  client.send(`GET / HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`)
  await client.untilReceived('"refusal"')
  expect(client.received).toStartWith('HTTP/1.1 401 Unauthorized\r\n')
  expect(client.received).toContain('WWW-Authenticate: ')
  expect(client.received).toContain('Server: Deta-Ownspace\r\n')
  expect(client.received).toContain('Cache-Control: no-store\r\n')
  expect(upstream.received).toEqual([])
})

test('a navigation without a session is sent to Home with a pre-login cookie', async () => {
  await using gateway = await startTestGateway({ micros: [{ name: 'web', upstream: processAt(1) }] })
  using client = await RawClient.connect(gateway.port)
  client.send(
    `GET /x?y=1 HTTP/1.1\r\nHost: ${HOST}\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\nAccept: text/html\r\n\r\n`,
  )
  await client.untilReceived('\r\n\r\n')
  expect(client.received).toStartWith('HTTP/1.1 302 Found\r\n')
  expect(client.received).toMatch(
    /Location: http:\/\/cloud\.test\/auth\/handoff\?host=notes-ab12\.cloud\.test&to=%2Fx%3Fy%3D1&challenge=[\w-]{43}\r\n/,
  )
  expect(client.received).toMatch(/Set-Cookie: space_login=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax;/)
})

test('a key opens a micro that has keys on, and is not shown to it', async () => {
  await using upstream = await startRawUpstream()
  await using gateway = await startTestGateway({
    micros: [{ name: 'web', apiKeys: true, upstream: processAt(upstream.port) }],
  })
  using client = await RawClient.connect(gateway.port)
  client.send(`GET / HTTP/1.1\r\nHost: ${HOST}\r\nx-space-app-KEY: ${KEY}\r\n\r\n`)
  await client.untilReceived('ok')
  expect(upstream.heads[0]).toContain('X-Space-Principal: key:key_1\r\nX-Space-Key-Name: Phone\r\n')
  expect(upstream.heads[0]!.toLowerCase()).not.toContain('x-space-app-key')
})

test('the mount is removed for the micro', async () => {
  await using upstream = await startRawUpstream()
  await using gateway = await startTestGateway({
    micros: [
      { name: 'web', upstream: processAt(1) },
      { name: 'api', mount: '/api', publicRoutes: ['/hook'], upstream: processAt(upstream.port) },
    ],
  })
  using client = await RawClient.connect(gateway.port)
  client.send(`POST /api/hook?x HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 4\r\n\r\nbody`)
  await client.untilReceived('ok')
  expect(upstream.received[0]).toStartWith('POST /hook?x HTTP/1.1\r\n')
  expect(upstream.received[0]).toEndWith('X-Space-Principal: anonymous\r\n\r\nbody')
})

test('pipelined requests are answered in order, each on its own', async () => {
  await using upstream = await startRawUpstream(({ head, socket }) => {
    const path = head.split(' ')[1]!
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${path.length}\r\n\r\n${path}`)
  })
  await using gateway = await startTestGateway({
    micros: [{ name: 'web', publicRoutes: ['/*'], upstream: processAt(upstream.port) }],
  })
  using client = await RawClient.connect(gateway.port)
  client.send(
    ['/1', '/2', '/3'].map((path) => `GET ${path} HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`).join('') +
      `POST /4 HTTP/1.1\r\nHost: ${HOST}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3;x=y\r\nabc\r\n0\r\n\r\n`,
  )
  const all = await client.untilEnd()
  expect(all.match(/\/\d$|\/\d(?=HTTP)/gm)).toEqual(['/1', '/2', '/3', '/4'])
  expect(upstream.received.join('')).toContain('\r\n\r\n3\r\nabc\r\n0\r\n\r\n')
})

test('an upgrade becomes a raw pipe in both directions', async () => {
  await using upstream = await startRawUpstream(({ socket }) => {
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\nX-Y: z\r\n\r\nhello',
    )
    socket.on('data', (bytes) => socket.write(bytes))
  })
  await using gateway = await startTestGateway({
    micros: [{ name: 'web', upstream: processAt(upstream.port) }],
  })
  using client = await RawClient.connect(gateway.port)
  client.send(
    `GET /ws HTTP/1.1\r\nHost: ${HOST}\r\n${COOKIE}\r\nOrigin: http://${HOST}\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n`,
  )
  await client.untilReceived('hello')
  expect(client.received).toBe(
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\nX-Y: z\r\n\r\nhello',
  )
  client.send('\x00ping\xff')
  await client.untilReceived('\x00ping\xff')
})

test('a response that is cut short is cut for the client as well', async () => {
  await using upstream = await startRawUpstream(({ socket }) => {
    socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this')
  })
  await using gateway = await startTestGateway({
    micros: [{ name: 'web', publicRoutes: ['/*'], upstream: processAt(upstream.port) }],
  })
  using client = await RawClient.connect(gateway.port)
  client.send(`GET / HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`)
  await client.until(() => client.isClosed)
  expect(client.isEnded).toBe(false)
  expect(client.errorCode).toBe('ECONNRESET')
})

test('an upstream that cannot be reached is woken once, and its failure told', async () => {
  const woken: string[] = []
  await using upstream = await startRawUpstream(always(OK))
  await using gateway = await startTestGateway({
    micros: [{ name: 'web', publicRoutes: ['/*'], upstream: processAt(1) }],
    wake: async (micro) => {
      woken.push(micro)
      return { kind: 'ready', address: { host: '127.0.0.1', port: upstream.port } }
    },
  })
  using client = await RawClient.connect(gateway.port)
  client.send(`POST / HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 2\r\n\r\nhi`)
  await client.untilReceived('ok')
  expect(woken).toEqual(['web'])
  expect(upstream.received[0]).toEndWith('\r\n\r\nhi')
})

test('an app that fails to start answers 502, its log for the owner alone', async () => {
  await using gateway = await startTestGateway({
    micros: [{ name: 'web', publicRoutes: ['/open'], upstream: { kind: 'process', address: null } }],
  })
  using visitor = await RawClient.connect(gateway.port)
  visitor.send(`GET /open HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`)
  const seen = await visitor.untilEnd()
  expect(seen).toStartWith('HTTP/1.1 502 ')
  expect(seen).not.toContain('boom')
  using owner = await RawClient.connect(gateway.port)
  owner.send(
    `GET / HTTP/1.1\r\nHost: ${HOST}\r\n${COOKIE}\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n\r\n`,
  )
  expect(await owner.untilEnd()).toContain('boom')
})

test('an app that breaks off answers 502, and how it crashed to the owner alone', async () => {
  await using upstream = await startRawUpstream(({ socket }) => void socket.destroy())
  await using gateway = await startTestGateway({
    micros: [{ name: 'web', publicRoutes: ['/open'], upstream: processAt(upstream.port) }],
    crash: { message: 'exited with code 1', logTail: 'Error: boom' },
  })
  const ask = async (line: string, fields = '') => {
    using client = await RawClient.connect(gateway.port)
    client.send(`${line} HTTP/1.1\r\nHost: ${HOST}\r\n${fields}Connection: close\r\n\r\n`)
    return await client.untilEnd()
  }
  expect(await ask('GET /open')).toStartWith('HTTP/1.1 502 ')
  expect(await ask('GET /open')).not.toContain('boom')
  expect(await ask('GET /open', 'X-Space-App-Key: key1_secret\r\n')).not.toContain('boom')
  const own = `${COOKIE}\r\nSec-Fetch-Site: same-origin\r\n`
  expect(await ask('GET /', own)).toContain('boom')
  expect(await ask('GET /open', own)).toContain('boom')
  expect(await ask('GET /open', own.replace('same-origin', 'cross-site'))).not.toContain('boom')
})

test('an unknown host learns nothing', async () => {
  await using gateway = await startTestGateway({ micros: [{ name: 'web', upstream: processAt(1) }] })
  using client = await RawClient.connect(gateway.port)
  client.send(`GET / HTTP/1.1\r\nHost: other.cloud.test\r\nConnection: close\r\n\r\n`)
  expect(await client.untilEnd()).toStartWith('HTTP/1.1 404 Not Found\r\n')
})
