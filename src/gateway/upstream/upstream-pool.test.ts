import { describe, expect, test } from 'bun:test'
import { requestHead, startOpenApp } from '../testing/open-app.ts'
import { always, OK } from '../testing/raw-upstream.ts'
import { SOON } from '../testing/test-gateway.ts'

const GET = requestHead('GET /')

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

  test('are not used again after octets without a request', async () => {
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
