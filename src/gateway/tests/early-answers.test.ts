import { describe, expect, test } from 'bun:test'
import { requestHead, startOpenApp } from '../testing/open-app.ts'
import { always, atHead, OK } from '../testing/raw-upstream.ts'
import { processAt, SOON } from '../testing/test-gateway.ts'

const GET = requestHead('GET /')

describe('an answer before the end of the request', () => {
  test('is passed on whole, and both connections end where the rest does not come', async () => {
    await using app = await startOpenApp(atHead(always(OK)), { limits: { ...SOON, lingerMs: 20 } })
    app.client.send(`${requestHead('POST /', 'Content-Length: 1000000')}begin`)
    await app.client.untilReceived('ok')
    app.client.send('more that is not read')
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

  test('does not wait for a rest that never ends', async () => {
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
