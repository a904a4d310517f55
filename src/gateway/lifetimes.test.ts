import { describe, expect, test } from 'bun:test'
import { requestHead, startOpenApp } from './testing/open-app.ts'
import { always, atHead, OK } from './testing/raw-upstream.ts'
import { HOST, processAt, SESSION, startTestGateway } from './testing/test-gateway.ts'
import { RawClient } from './testing/raw-client.ts'

const GET = requestHead('GET /')
/** Deadlines so short that a test can await them. */
const SOON = { sweepMs: 5 }

describe('whoever stalls is let go', () => {
  test('a head that does not end gets 408', async () => {
    await using app = await startOpenApp(undefined, { limits: { ...SOON, headMs: 30 } })
    app.client.send('GET / HTTP/1.1\r\nHost: ')
    expect(await app.client.untilEnd()).toStartWith('HTTP/1.1 408 Request Timeout\r\n')
    expect(app.upstream.received).toEqual([])
  })

  test('a head that dribbles gets 408 as well', async () => {
    await using app = await startOpenApp(undefined, { limits: { ...SOON, headMs: 60 } })
    const timer = setInterval(() => app.client.send('x'), 2)
    app.client.send('GET / HTTP/1.1\r\nX: ')
    const answer = await app.client.untilEnd().finally(() => clearInterval(timer))
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

  test('a client that does not read is cut, and its upstream is closed', async () => {
    await using app = await startOpenApp(
      ({ socket }) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n')
        socket.write(Buffer.alloc(100_000_000))
      },
      { limits: { ...SOON, writeStallMs: 50 } },
    )
    app.client.socket.pause()
    app.client.send(GET)
    await app.upstream.until(({ received }) => received.length === 1)
    await app.upstream.until(({ openConnections }) => openConnections === 0)
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
    app.client.send(GET)
    expect(await app.client.untilReceived('0\r\n\r\n')).toEndWith('1\r\nx\r\n0\r\n\r\n')
  })
})

describe('whoever leaves takes the other side along', () => {
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

  test('a client that has only said that it sends no more still gets its answers', async () => {
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

describe('kept-alive upstream connections', () => {
  test('are used again', async () => {
    await using app = await startOpenApp()
    for (let count = 1; count <= 3; count++) {
      app.client.send(GET)
      await app.client.until(({ received }) => received.length === OK.length * count)
    }
    expect(app.upstream.received.length).toBe(1)
  })

  test('that were just closed are noticed, and a GET is repeated once', async () => {
    await using app = await startOpenApp(({ socket, index }) => {
      if (index === 0) socket.write(OK)
      else socket.destroy()
    })
    app.client.send(GET)
    await app.client.untilReceived('ok')
    app.client.send(GET)
    await app.client.until(({ received }) => received === OK + OK)
    expect(app.upstream.heads.length).toBe(3)
  })

  test('a POST is never repeated', async () => {
    await using app = await startOpenApp(({ socket, index }) => {
      if (index === 0) socket.write(OK)
      else socket.destroy()
    })
    app.client.send(GET)
    await app.client.untilReceived('ok')
    app.client.send(requestHead('POST /', 'Content-Length: 0'))
    expect(await app.client.untilReceived('HTTP/1.1 502')).toStartWith(OK)
    expect(app.upstream.heads.length).toBe(2)
  })

  test('a GET that was answered in part is never repeated', async () => {
    await using app = await startOpenApp(({ socket, index }) => {
      if (index === 0) socket.write(OK)
      else socket.end('HTTP/1.1 200 OK\r\nContent-')
    })
    app.client.send(GET)
    await app.client.untilReceived('ok')
    app.client.send(GET)
    await app.client.untilReceived('HTTP/1.1 502')
    expect(app.upstream.heads.length).toBe(2)
  })

  test('are not used again after octets that nobody asked for', async () => {
    await using app = await startOpenApp(always(`${OK}HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison`))
    const other = await app.connect()
    app.client.send(GET)
    expect(await app.client.untilReceived('ok')).toBe(OK)
    other.send(GET)
    expect(await other.untilReceived('ok')).toBe(OK)
    expect(app.upstream.received.length).toBe(2)
  })

  test('are closed before the upstream’s own idle time', async () => {
    await using app = await startOpenApp(undefined, { limits: { ...SOON, upstreamIdleMs: 30 } })
    app.client.send(GET)
    await app.client.untilReceived('ok')
    await app.upstream.until(({ openConnections }) => openConnections === 0)
  })
})

describe('an answer before the end of the request', () => {
  test('is passed on whole, and both connections end where the rest does not come', async () => {
    await using app = await startOpenApp(atHead(always(OK)), { limits: { ...SOON, lingerMs: 20 } })
    app.client.send(`${requestHead('POST /', 'Content-Length: 1000000')}begin`)
    await app.client.untilReceived('ok')
    app.client.send('more that nobody reads')
    expect(await app.client.untilEnd()).toBe(OK)
    await app.upstream.until(({ openConnections }) => openConnections === 0)
  })

  test('does not turn the rest of the body into a request', async () => {
    await using app = await startOpenApp(atHead(always(OK)))
    const smuggled = requestHead('GET /smuggled')
    app.client.send(requestHead('POST /', `Content-Length: ${smuggled.length}`))
    await app.client.untilReceived('ok')
    app.client.send(smuggled + GET)
    await app.client.until(({ received }) => received === OK + OK)
    expect(app.upstream.received.join('')).not.toContain('smuggled')
    expect(app.upstream.heads).toHaveLength(2)
  })

  test('to a client that expected 100 first ends the connection, and says so', async () => {
    await using app = await startOpenApp(atHead(always(OK)))
    app.client.send(requestHead('POST /', 'Expect: 100-continue', 'Content-Length: 1000'))
    expect(await app.client.untilEnd()).toBe(OK.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'))
  })

  test('does not wait for a rest that dribbles on and on', async () => {
    await using app = await startOpenApp(atHead(always(OK)), { limits: { ...SOON, lingerAltogetherMs: 40 } })
    app.client.send(requestHead('POST /', 'Content-Length: 1000000'))
    const timer = setInterval(() => app.client.send('x'), 2)
    const answer = await app.client.untilEnd().finally(() => clearInterval(timer))
    expect(answer).toBe(OK)
  })

  test('is heard by a client that sends everything before it listens', async () => {
    await using app = await startOpenApp(
      atHead(always('HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n')),
    )
    app.client.socket.pause()
    await app.client.sendAll(requestHead('POST /', 'Content-Length: 20000000') + 'x'.repeat(20_000_000))
    app.client.socket.resume()
    await app.client.untilReceived('413 Content Too Large')
    app.client.send(GET)
    await app.client.until(({ received }) => received.split('413').length === 3)
  })

  test('of our own ends the connection as well', async () => {
    await using app = await startOpenApp(undefined, { micros: [{ name: 'web', upstream: processAt(1) }] })
    const smuggled = requestHead('GET /smuggled')
    app.client.send(requestHead('POST /', `Content-Length: ${smuggled.length}`) + smuggled)
    expect((await app.client.untilEnd()).match(/HTTP\/1\.1/g)).toEqual(['HTTP/1.1'])
  })
})

describe('limits on connections', () => {
  test('one address gets so many and no more', async () => {
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

describe('a client that asks and takes no answers', () => {
  test.each([
    ['of an app', GET],
    ['of ours', requestHead('GET /').replace(HOST, 'nobody.cloud.test')],
  ])('is not read on, whether they are %s: %#', async (_whose, request) => {
    await using app = await startOpenApp(undefined, { limits: { ...SOON, writeStallMs: 200 } })
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

describe('a request body beyond the bound', () => {
  const limits = { requestBodyBytes: 10 }

  test('is refused before the app hears of it, where its length says so', async () => {
    await using app = await startOpenApp(undefined, { limits })
    app.client.send(`${requestHead('POST /', 'Content-Length: 11')}hello hello`)
    const answer = await app.client.untilEnd()
    expect(answer).toStartWith('HTTP/1.1 413 ')
    expect(answer).toContain('10 bytes')
    expect(app.upstream.received).toEqual([])
  })

  test.each([
    '6\r\nhello \r\n6\r\nhello!\r\n0\r\n\r\n',
    'b\r\nhello hello\r\n0\r\n\r\nGET /next HTTP/1.1\r\n\r\n',
  ])('in chunks is refused where it shows, and the app is cut off: %j', async (chunks) => {
    await using app = await startOpenApp(undefined, { limits })
    app.client.send(`${requestHead('POST /', 'Transfer-Encoding: chunked')}${chunks}`)
    expect(await app.client.untilEnd()).toStartWith('HTTP/1.1 413 ')
    await app.upstream.until(({ openConnections }) => openConnections === 0)
    expect(app.upstream.received.join('')).not.toContain('0\r\n\r\n')
    expect(app.upstream.received.join('')).not.toContain('/next')
  })

  test('that is not one passes', async () => {
    await using app = await startOpenApp(undefined, { limits })
    app.client.send(`${requestHead('POST /', 'Content-Length: 10')}hello hell`)
    await app.client.untilReceived('ok')
  })

  test('ends an answer that has begun, so that it cannot be taken for a whole one', async () => {
    await using app = await startOpenApp(
      atHead(always('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nso far')),
      { limits },
    )
    app.client.send(`${requestHead('POST /', 'Transfer-Encoding: chunked')}5\r\nhello\r\n`)
    await app.client.untilReceived('so far')
    app.client.send('6\r\nhello!\r\n')
    expect(await app.client.untilEnd()).toEndWith('so far')
  })
})

test('a browser is shown a page even for a request that cannot be read', async () => {
  await using app = await startOpenApp()
  const crumbs = `Cookie: ${'a=b; '.repeat(8_000)}`
  app.client.send(requestHead('GET /', 'Accept: text/html,application/xhtml+xml', crumbs))
  const answer = await app.client.untilEnd()
  expect(answer).toStartWith('HTTP/1.1 431 ')
  expect(answer).toContain('Content-Type: text/html')
})

test('an empty line behind a body begins no request', async () => {
  await using app = await startOpenApp(undefined, { limits: { ...SOON, headMs: 30, idleMs: 100 } })
  app.client.send(`${requestHead('POST /', 'Content-Length: 2')}ok\r\n`)
  expect(await app.client.untilEnd()).toBe(OK)
})
