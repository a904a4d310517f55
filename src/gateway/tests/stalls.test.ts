/** A client or an upstream that does nothing, or too little, loses its connection. */
import { describe, expect, test } from 'bun:test'
import { firstNotLate } from '../../kernel/testing/until.ts'
import { type OpenApp, requestHead, startOpenApp } from '../testing/open-app.ts'
import { RawClient } from '../testing/raw-client.ts'
import { always, atHead, OK, tooMuch } from '../testing/raw-upstream.ts'
import { HOST, SOON } from '../testing/test-gateway.ts'

const GET = requestHead('GET /')

const dribble = (client: RawClient, text: string) => {
  const timer = setInterval(() => client.send(text), 2)
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

/** The answer on a new connection that was not closed before the gateway had read anything. */
const answerInTime = (app: OpenApp, ask: (client: RawClient) => Promise<string>) =>
  firstNotLate(
    'a head begins in time',
    async () => await ask(await app.connect()),
    (answer) => answer === '',
  )

describe('a stalled peer is disconnected', () => {
  test('a head that does not end gets 408', async () => {
    await using app = await startOpenApp(undefined, { limits: { ...SOON, headMs: 30 } })
    const answer = await answerInTime(app, (client) => {
      client.send('GET / HTTP/1.1\r\nHost: ')
      return client.untilEnd()
    })
    expect(answer).toStartWith('HTTP/1.1 408 Request Timeout\r\n')
    expect(app.upstream.received).toEqual([])
  })

  test('a head that dribbles gets 408 as well', async () => {
    await using app = await startOpenApp(undefined, { limits: { ...SOON, headMs: 60 } })
    const answer = await answerInTime(app, async (client) => {
      client.send('GET / HTTP/1.1\r\nX: ')
      using _sending = dribble(client, 'x')
      return await client.untilEnd()
    })
    expect(answer).toStartWith('HTTP/1.1 408 ')
  })

  test('a connection that never says anything is closed without a word', async () => {
    await using app = await startOpenApp(undefined, { limits: { ...SOON, headMs: 30 } })
    expect(await app.client.untilEnd()).toBe('')
  })

  test('a kept-alive connection is closed after its idle time', async () => {
    await using app = await startOpenApp(undefined, { limits: { ...SOON, idleMs: 30 } })
    app.client.send(GET)
    expect(await app.client.untilEnd()).toBe(OK)
  })

  test('a body that does not come gets 408, and its upstream is closed', async () => {
    await using app = await startOpenApp(undefined, { limits: { ...SOON, bodyStallMs: 30 } })
    app.client.send(`${requestHead('POST /', 'Content-Length: 10')}abc`)
    expect(await app.client.untilEnd()).toStartWith('HTTP/1.1 408 ')
    await app.upstream.until(({ openConnections }) => openConnections === 0)
  })

  const SLOW = { ...SOON, rateWindowMs: 40, bodyMinBytesPerSecond: 20_000 }

  test.each([
    ['announced', 'Content-Length: 1000000', 'x'],
    ['in chunks', 'Transfer-Encoding: chunked', '1\r\nx\r\n'],
  ])('a body that dribbles gets 408, and its upstream is closed: %s', async (_how, framing, piece) => {
    await using app = await startOpenApp(() => {}, { limits: SLOW })
    app.client.send(requestHead('POST /', framing))
    using _sending = dribble(app.client, piece)
    expect(await app.client.untilEnd()).toStartWith('HTTP/1.1 408 ')
    await app.upstream.until(({ openConnections }) => openConnections === 0)
  })

  test('a body that dribbles from a micro gets 408 as well', async () => {
    await using app = await startOpenApp(() => {}, { limits: SLOW })
    using inside = await RawClient.connect(app.gateway.insidePort!)
    inside.send(requestHead('POST /', 'Content-Length: 1000000'))
    using _sending = dribble(inside, 'x')
    expect(await inside.untilEnd()).toStartWith('HTTP/1.1 408 ')
  })

  test('a body that dribbles while the app is answering it is not cut', async () => {
    await using app = await startOpenApp(
      atHead(({ socket }) => void socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')),
      { limits: SLOW },
    )
    const begin = async () => {
      const begun = await app.connect()
      begun.send(requestHead('POST /', 'Transfer-Encoding: chunked'))
      await begun.untilReceived(' ')
      return begun
    }
    const client = await firstNotLate(
      'the app answers in time',
      begin,
      ({ received }) => !received.includes('200 OK'),
    )
    using _sending = dribble(client, '1\r\nx\r\n')
    await app.upstream.until(({ received }) => received.join('').split('\r\nx\r\n').length > 40)
    expect(client.socket.destroyed).toBe(false)
  })

  test('a client that does not read is cut, and its upstream is closed', async () => {
    await using app = await startOpenApp(tooMuch, { limits: { ...SOON, writeStallMs: 50 } })
    app.client.socket.pause()
    app.client.send(GET)
    await app.upstream.until(({ received }) => received.length === 1)
    await app.upstream.until(({ openConnections }) => openConnections === 0)
  })

  test('a client that reads too little is cut, and its upstream is closed', async () => {
    const limits = { ...SOON, rateWindowMs: 100, answerMinBytesPerSecond: 1_000_000_000 }
    await using app = await startOpenApp(tooMuch, { limits })
    const { socket } = app.client
    socket.pause()
    socket.on('data', () => socket.pause())
    const timer = setInterval(() => socket.resume(), 5)
    app.client.send(GET)
    await app.upstream.until(({ received }) => received.length === 1)
    await app.upstream.until(({ openConnections }) => openConnections === 0)
    clearInterval(timer)
  })

  test('an upstream that does not answer is a timeout', async () => {
    await using app = await startOpenApp(() => {}, { limits: { ...SOON, firstByteMs: 30 } })
    app.client.send(GET)
    expect(await app.client.untilReceived('\r\n\r\n')).toStartWith('HTTP/1.1 504 ')
    await app.upstream.until(({ openConnections }) => openConnections === 0)
  })

  test('an upstream that streams slowly is no timeout', async () => {
    await using app = await startOpenApp(
      ({ socket }) => {
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
        let count = 0
        const timer = setInterval(() => {
          socket.write('1\r\nx\r\n')
          if (++count < 5) return
          clearInterval(timer)
          socket.write('0\r\n\r\n')
        }, 20)
      },
      { limits: { ...SOON, firstByteMs: 30, idleMs: 30, bodyStallMs: 30 } },
    )
    const ask = async () => {
      const client = await app.connect()
      client.send(GET)
      return await client.until(
        ({ received, isClosed }) => isClosed || /0\r\n\r\n$|^HTTP\/1.1 504 /.test(received),
      )
    }
    const answer = await firstNotLate('the app answers in time', ask, (text) =>
      text.startsWith('HTTP/1.1 504 '),
    )
    expect(answer).toEndWith('1\r\nx\r\n0\r\n\r\n')
  })
})

describe('a client that sends requests and reads no answers', () => {
  test.each([
    ['of an app', GET],
    ['of ours', requestHead('GET /').replace(HOST, 'unknown.cloud.test')],
  ])('is not read on, whether they are %s: %#', async (_whose, request) => {
    const page = 'x'.repeat(16_384)
    const answer = always(`HTTP/1.1 200 OK\r\nContent-Length: ${page.length}\r\n\r\n${page}`)
    await using app = await startOpenApp(answer, { limits: { ...SOON, writeStallMs: 200 } })
    app.client.socket.pause()
    const many = request.repeat(20_000)
    let sent = 0
    while (!app.client.socket.destroyed && sent < 50) {
      await app.client.sendAll(many)
      sent++
    }
    // Most of it could not even be sent before the connection was cut.
    expect(app.client.socket.destroyed).toBe(true)
    expect(app.upstream.heads.length).toBeLessThan(200_000)
  })
})

test('an empty line behind a body begins no request', async () => {
  await using app = await startOpenApp(undefined, { limits: { ...SOON, idleMs: 30 } })
  app.client.send(`${requestHead('POST /', 'Content-Length: 2')}ok\r\n`)
  expect(await app.client.untilEnd()).toBe(OK)
})
