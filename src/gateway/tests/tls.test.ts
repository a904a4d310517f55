import { afterAll, describe, expect, test } from 'bun:test'
import { connect as connectTcp } from 'node:net'
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { firstNotLate } from '../../kernel/testing/until.ts'
import { temporaryCertificates } from '../../tls/testing/temporary-certificates.ts'
import { requestHead, startOpenApp, type OpenApp } from '../testing/open-app.ts'
import { RawClient } from '../testing/raw-client.ts'
import { atHead, type Script, tooMuch } from '../testing/raw-upstream.ts'
import {
  HOST,
  processAt,
  SESSION,
  SOON,
  startTestGateway,
  type TestGatewayOptions,
} from '../testing/test-gateway.ts'
import { cutAtOnce, echo, LAST_WORDS, speakLast, SWITCHED, UPGRADE } from '../testing/tunnels.ts'

const certificates = temporaryCertificates(['cloud.test', '*.cloud.test'], ['other.test'])
afterAll(() => certificates[Symbol.dispose]())

const tls = { certificates: certificates.book, httpPort: null }
const startTlsApp = (script?: Script, options: Partial<TestGatewayOptions> = {}): Promise<OpenApp> =>
  startOpenApp(script, { tls, ...options })

const GET = requestHead('GET /')

/** 3 MB of which no two parts are alike. */
const BIG = Buffer.from(
  Array.from({ length: 500_000 }, (_, index) => String(index).padStart(6, '0')).join(''),
)

describe('bodies', () => {
  test('arrive whole in both directions', async () => {
    await using app = await startTlsApp(({ socket }) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${BIG.length}\r\n\r\n`)
      socket.write(BIG)
    })
    app.client.send(requestHead('POST /', `Content-Length: ${BIG.length}`))
    app.client.send(BIG)
    await app.client.until(({ received }) => received.endsWith('\r\n\r\n' + BIG.toString('latin1')))
    expect(app.upstream.received[0]!.endsWith(BIG.toString('latin1'))).toBe(true)
  })

  test('that end with the connection of the app end with close_notify', async () => {
    await using app = await startTlsApp(({ socket }) => {
      socket.end('HTTP/1.1 200 OK\r\n\r\nall of it')
    })
    app.client.send(requestHead('GET /', 'Connection: close'))
    expect(await app.client.untilEnd()).toContain('all of it')
    expect(app.client.errorCode).toBe(null)
  })

  test.each([
    ['a length', 'Content-Length: 100'],
    ['chunks', 'Transfer-Encoding: chunked'],
  ])('of an app that breaks off within %s end in a cut', async (_, framing) => {
    await using app = await startTlsApp(({ socket }) => {
      socket.end(`HTTP/1.1 200 OK\r\n${framing}\r\n\r\n5\r\nhalf!\r\n`)
    })
    app.client.send(GET)
    await app.client.until(({ isClosed }) => isClosed)
    expect(app.client.errorCode).toBe('ECONNRESET')
  })

  test('that a client breaks off never reach the app as whole', async () => {
    await using app = await startTlsApp(atHead(() => {}))
    app.client.send(requestHead('POST /', 'Transfer-Encoding: chunked') + '4\r\nhalf\r\n')
    await app.upstream.until(({ received }) => received[0]?.includes('half') === true)
    app.client.socket.end()
    await app.upstream.until(({ openConnections }) => openConnections === 0)
    expect(app.upstream.received[0]).not.toContain('\r\n0\r\n')
  })

  test('for a client that does not read wait in the app, and are cut after a time', async () => {
    await using app = await startTlsApp(tooMuch, { limits: { ...SOON, writeStallMs: 50 } })
    app.client.socket.pause()
    app.client.send(GET)
    await app.upstream.until(({ received }) => received.length === 1)
    await app.upstream.until(({ openConnections }) => openConnections === 0)
  })
})

describe('a tunnel', () => {
  test('carries what is sent, whole and in order', async () => {
    await using app = await startTlsApp(echo)
    app.client.send(UPGRADE)
    await app.client.untilReceived(SWITCHED)
    app.client.send(BIG)
    await app.client.until(({ received }) => received === SWITCHED + BIG.toString('latin1'))
  })

  test('passes an end on, and the last words back', async () => {
    await using app = await startTlsApp(speakLast)
    app.client.send(UPGRADE)
    await app.client.untilReceived(SWITCHED)
    app.client.socket.end()
    expect((await app.client.untilEnd()) === SWITCHED + LAST_WORDS).toBe(true)
    await app.upstream.until(({ openConnections }) => openConnections === 0)
  })

  test('that the app cuts is a cut', async () => {
    await using app = await startTlsApp(cutAtOnce)
    app.client.send(UPGRADE)
    await app.client.until(({ isClosed }) => isClosed)
  })
})

describe('handshakes', () => {
  /** The first bytes of a record of 16 kB that holds the first message of a handshake. */
  const BEGINNING = Buffer.from('1603014000010003fc0303', 'hex')

  /** A connection on which a handshake comes a byte at a time, and would last for minutes. */
  async function dribbleTo(port: number) {
    const closed = Promise.withResolvers<void>()
    const socket = connectTcp(port, '127.0.0.1').on('error', () => {})
    socket.on('close', () => closed.resolve())
    socket.resume()
    await new Promise<void>((resolve) => socket.once('connect', resolve))
    socket.write(BEGINNING)
    const timer = setInterval(() => socket.write('\0'), 10)
    const end = () => {
      clearInterval(timer)
      socket.destroy()
    }
    return { closed: closed.promise, [Symbol.dispose]: end }
  }

  test('that are never finished are counted like connections', async () => {
    await using app = await startTlsApp(undefined, { limits: { connectionsPerClient: 2 } })
    // With the first client's connection, that makes two.
    using _dribble = await dribbleTo(app.gateway.port)
    using third = await RawClient.connectTls(app.gateway.port, HOST)
    third.send(GET)
    expect(await third.untilEnd()).toStartWith('HTTP/1.1 503 ')
  })

  test('that are never finished are ended after the time of a head', async () => {
    await using gateway = await startTestGateway({ tls, limits: { ...SOON, headMs: 60 }, micros: [] })
    using dribble = await dribbleTo(gateway.port)
    expect(await dribble.closed).toBeUndefined()
  })

  test('by name change nothing for what is decided: the Host field alone says which app is asked', async () => {
    await using app = await startOpenApp(undefined, {
      tls,
      micros: [{ name: 'web', upstream: processAt(1) }],
    })
    const asHost = `GET / HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`
    const asOther = 'GET / HTTP/1.1\r\nHost: unknown.cloud.test\r\n\r\n'
    for (const [serverName, request, status] of [
      ['other.test', asHost, 401],
      [HOST, asOther, 404],
      ['unknown.cloud.test', asHost, 401],
    ] as const) {
      using client = await RawClient.connectTls(app.gateway.port, serverName)
      client.send(request)
      expect(await client.untilReceived('\r\n\r\n')).toStartWith(`HTTP/1.1 ${status} `)
    }
  })

  test.each(['AES128-GCM-SHA256', 'ECDHE-ECDSA-AES128-SHA', 'ECDHE-RSA-AES256-SHA'])(
    'with %s, which lacks forward secrecy or authenticated encryption, fail',
    async (ciphers) => {
      await using app = await startTlsApp()
      const { promise, resolve } = Promise.withResolvers<string>()
      const options: ConnectionOptions = { port: app.gateway.port, host: '127.0.0.1', maxVersion: 'TLSv1.2' }
      const socket = connectTls({ ...options, ciphers, rejectUnauthorized: false }, () => resolve('done'))
      socket.on('error', ({ message }) => resolve(message))
      expect(await promise).toContain('HANDSHAKE_FAILURE')
      socket.destroy()
    },
  )

  test('for a host that is not ours show the first certificate, and its requests get 404', async () => {
    await using app = await startTlsApp()
    using client = await RawClient.connectTls(app.gateway.port, 'stranger.example')
    expect((client.socket as TLSSocket).getPeerCertificate().subject.CN).toBe('cloud.test')
    client.send('GET / HTTP/1.1\r\nHost: stranger.example\r\n\r\n')
    expect(await client.untilReceived('\r\n\r\n')).toStartWith('HTTP/1.1 404 ')
  })

  test('that never come leave plain HTTP unanswered, and the app receives no request', async () => {
    await using app = await startTlsApp()
    using client = await RawClient.connect(app.gateway.port)
    client.send(GET)
    await client.until(({ isClosed, isEnded }) => isClosed || isEnded)
    expect(client.received).not.toContain('HTTP/')
    expect(app.upstream.received).toEqual([])
  })
})

test('the app is sent https as the scheme, whatever the client sends', async () => {
  await using app = await startTlsApp()
  app.client.send(requestHead('GET /', 'X-Forwarded-Proto: http', 'X-Forwarded-Port: 80'))
  await app.client.untilReceived('ok')
  expect(app.upstream.heads[0]).toMatch(/^X-Forwarded-Proto: https\r$/m)
  expect(app.upstream.heads[0]).not.toContain('http\r\n')
})

test('a session cookie counts by its https name alone', async () => {
  await using app = await startTlsApp()
  await using gateway = await startTestGateway({
    tls,
    micros: [{ name: 'web', upstream: processAt(app.upstream.port) }],
  })
  for (const [name, status] of [
    ['space_session', 401],
    ['__Host-space_session', 200],
  ] as const) {
    using client = await RawClient.connectTls(gateway.port, HOST)
    client.send(requestHead('GET /', `Cookie: ${name}=${SESSION}`))
    expect(await client.untilReceived('\r\n\r\n')).toStartWith(`HTTP/1.1 ${status} `)
  }
})

test('who is sent to sign in is sent by https, with a cookie of this host, and stays with https', async () => {
  await using gateway = await startTestGateway({ tls, micros: [{ name: 'web', upstream: processAt(1) }] })
  using client = await RawClient.connectTls(gateway.port, HOST)
  const navigation = ['Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document', 'Accept: text/html']
  client.send(requestHead('GET /', ...navigation))
  const answer = await client.untilReceived('\r\n\r\n')
  expect(answer).toContain('Location: https://cloud.test/auth/handoff?')
  expect(answer).toMatch(
    /Set-Cookie: __Host-space_login=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600; Secure\r/,
  )
  expect(answer).toContain('Strict-Transport-Security: max-age=2592000\r\n')
})

test('closing lets requests under way finish, and ends connections that are idle', async () => {
  const asked = Promise.withResolvers<() => void>()
  await using app = await startTlsApp(({ socket }) =>
    asked.resolve(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone')),
  )
  const idle = await app.connect()
  idle.send('GET / HTTP/1.1\r\nHost: unknown.cloud.test\r\n\r\n')
  await idle.untilReceived('404')
  app.client.send(GET)
  const answer = await asked.promise
  const closed = app.gateway.close()
  await idle.untilEnd()
  answer()
  expect(await app.client.untilEnd()).toEndWith('done')
  app.client.socket.end()
  await closed
})

test('closing waits a moment for the first request of a client that has just come, and no longer', async () => {
  const closeAndAsk = async () => {
    await using app = await startTlsApp(undefined, { limits: { ...SOON, lastHeadMs: 200 } })
    const silent = await app.connect()
    const closed = app.gateway.close()
    app.client.send(GET)
    const answer = await app.client.untilEnd()
    expect(await silent.untilEnd()).toBe('')
    app.client.socket.end()
    silent.socket.end()
    await closed
    return answer
  }
  const answer = await firstNotLate('the client asks in time', closeAndAsk, (text) => text === '')
  expect(answer).toStartWith('HTTP/1.1 200 OK\r\n')
  expect(answer).toContain('Connection: close\r\n')
})
