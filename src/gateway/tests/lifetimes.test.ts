/** How long what was let in may go on: both sides of it, and the gateway itself. */
import { describe, expect, test } from 'bun:test'
import { requestHead, startOpenApp } from '../testing/open-app.ts'
import { always, atHead, OK } from '../testing/raw-upstream.ts'
import { RawClient } from '../testing/raw-client.ts'
import { HOST, processAt, SESSION, SOON, startTestGateway } from '../testing/test-gateway.ts'

const GET = requestHead('GET /')
const LAST_OK = OK.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')

describe('a side that leaves ends the other side', () => {
  test('a client that resets closes its upstream', async () => {
    await using app = await startOpenApp(() => {})
    app.client.send(GET)
    await app.upstream.until(({ received }) => received.length === 1)
    app.client.socket.resetAndDestroy()
    await app.upstream.until(({ openConnections }) => openConnections === 0)
  })

  test('a client that closes while a stream is quiet closes its upstream within the grace', async () => {
    await using app = await startOpenApp(
      always('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n'),
      {
        limits: { ...SOON, halfClosedMs: 30 },
      },
    )
    app.client.send(GET)
    await app.client.untilReceived('data: 1')
    app.client.socket.end()
    await app.upstream.until(({ openConnections }) => openConnections === 0)
  })

  test('a client that ends in the middle of its body closes its upstream', async () => {
    await using app = await startOpenApp()
    app.client.send(`${requestHead('POST /', 'Content-Length: 10')}abc`)
    await app.upstream.until(({ received }) => received[0]?.endsWith('abc') === true)
    app.client.socket.end()
    await app.upstream.until(({ openConnections }) => openConnections === 0)
    expect(app.upstream.heads).toEqual([])
  })

  test('a client that has closed its sending side still gets its answers', async () => {
    await using app = await startOpenApp()
    app.client.send(GET + GET)
    app.client.socket.end()
    expect(await app.client.untilEnd()).toBe(OK + OK)
  })

  test('an upstream that dies in the middle of a chunked body cuts the client', async () => {
    await using app = await startOpenApp(({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n', () =>
        socket.resetAndDestroy(),
      )
    })
    app.client.send(GET)
    await app.client.until(({ isClosed }) => isClosed)
    expect(app.client.received).not.toContain('0\r\n\r\n')
    expect(app.client.errorCode).toBe('ECONNRESET')
  })

  test('a body that was to last until close and was cut is no whole body', async () => {
    await using app = await startOpenApp(({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\nhello', () => setTimeout(() => socket.resetAndDestroy(), 1))
    })
    app.client.send(`GET / HTTP/1.0\r\nHost: ${HOST}\r\n\r\n`)
    await app.client.until(({ isClosed }) => isClosed)
    expect(app.client.isEnded).toBe(false)
  })

  test('an upstream that dies without an answer is a bad gateway', async () => {
    await using app = await startOpenApp(({ socket }) => void socket.end())
    app.client.send(requestHead('POST /', 'Content-Length: 0'))
    expect(await app.client.untilReceived('\r\n\r\n')).toStartWith('HTTP/1.1 502 ')
    expect(app.upstream.heads.length).toBe(1)
  })
})

describe('limits on connections', () => {
  test('one address cannot exceed its limit of connections', async () => {
    await using app = await startOpenApp(undefined, { limits: { connectionsPerClient: 2 } })
    const second = await app.connect()
    second.send(GET)
    await second.untilReceived('ok')
    const third = await app.connect()
    await third.until(({ isClosed }) => isClosed)
    second.socket.destroy()
    app.client.send(GET)
    expect(await app.client.untilReceived('ok')).toBe(OK)
  })
})

describe('closing the gateway', () => {
  test('finishes requests under way and closes idle connections', async () => {
    const answer = Promise.withResolvers<void>()
    await using app = await startOpenApp(({ socket }) => void answer.promise.then(() => socket.write(OK)))
    const idle = await app.connect()
    app.client.send(GET)
    await app.upstream.until(({ heads }) => heads.length === 1)
    const closed = app.gateway.close()
    expect(await idle.untilEnd()).toBe('')
    idle.socket.end()
    answer.resolve()
    expect(await app.client.untilEnd()).toContain('ok')
    app.client.socket.end()
    await closed
  })

  test('cuts what does not finish in time', async () => {
    await using app = await startOpenApp(() => {}, { limits: { drainMs: 20 } })
    app.client.send(GET)
    await app.upstream.until(({ heads }) => heads.length === 1)
    await app.gateway.close()
    await app.client.until(({ isClosed }) => isClosed)
  })
})

describe('a gateway that is replaced', () => {
  test('lets every client send its next request, and answers that it is the last one', async () => {
    const script = atHead(({ head, socket }) => void (head.startsWith('GET /never') || socket.write(OK)))
    await using app = await startOpenApp(script, { limits: { ...SOON, lastHeadMs: 1, halfClosedMs: 30 } })
    const [idle, slow, fresh, gone] = [
      app.client,
      await app.connect(),
      await app.connect(),
      await app.connect(),
    ]
    for (const client of [idle, slow]) client.send(GET)
    for (const client of [idle, slow]) await client.untilReceived('ok')
    slow.send(GET.slice(0, 20))
    const retired = app.gateway.retire()
    gone.send(GET.replace('/', '/never'))
    gone.socket.end()
    // When its time is over, that of a shutdown would be over for the others.
    await gone.until(({ isClosed }) => isClosed)
    for (const client of [idle, fresh]) client.send(GET)
    slow.send(GET.slice(20))
    for (const client of [idle, slow, fresh]) {
      expect(await client.untilEnd()).toEndWith(LAST_OK)
      client.socket.end()
    }
    await retired
  })
})

describe('a right that is taken away', () => {
  test('cuts the stream it had let in', async () => {
    await using upstream = await startOpenApp(always('HTTP/1.1 200 OK\r\n\r\ndata'))
    await using gateway = await startTestGateway({
      micros: [{ name: 'web', upstream: processAt(upstream.upstream.port) }],
    })
    using client = await RawClient.connect(gateway.port)
    client.send(requestHead('GET /', `Cookie: space_session=${SESSION}`))
    await client.untilReceived('data')
    gateway.revoke()
    await client.until(({ isClosed }) => isClosed)
    await upstream.upstream.until(({ openConnections }) => openConnections === 0)
  })

  test('leaves public streams alone', async () => {
    await using app = await startOpenApp(always('HTTP/1.1 200 OK\r\n\r\ndata'), { limits: { drainMs: 1 } })
    app.client.send(GET)
    await app.client.untilReceived('data')
    app.gateway.revoke()
    const other = await app.connect()
    other.send(GET)
    await other.untilReceived('data')
    expect(app.client.isClosed).toBe(false)
  })
})
