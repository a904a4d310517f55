/** Each piece that an app sends is passed on at once, without waiting for the next. */
import { expect, test } from 'bun:test'
import { requestHead, startOpenApp } from '../../src/gateway/testing/open-app.ts'

const EVENTS = 50
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n'
const asIs = (event: string): string => event
const asChunk = (event: string): string => `${event.length.toString(16)}\r\n${event}\r\n`

test.each([
  ['until the end', 'HTTP/1.1', `${HEAD}\r\n`, asIs],
  ['in chunks', 'HTTP/1.1', `${HEAD}Transfer-Encoding: chunked\r\n\r\n`, asChunk],
  ['in chunks', 'HTTP/1.0', `${HEAD}Transfer-Encoding: chunked\r\n\r\n`, asChunk],
  ['with a length', 'HTTP/1.1', `${HEAD}Content-Length: 1000000\r\n\r\n`, asIs],
])('server-sent events %s come one by one to a client of %s', async (_framing, version, head, framed) => {
  const started = Promise.withResolvers<(text: string) => void>()
  await using app = await startOpenApp(
    ({ socket }) => {
      socket.setNoDelay(true)
      started.resolve((text) => void socket.write(text))
    },
    // The stream never ends by itself.
    { limits: { drainMs: 1 } },
  )
  app.client.send(requestHead('GET /').replace('HTTP/1.1', version))
  const write = await started.promise
  write(head)
  // The head alone: a browser tells its page that the stream is open.
  await app.client.untilReceived('\r\n\r\n')
  for (let count = 0; count < EVENTS; count++) {
    const event = `id: ${count}\ndata: x\n\n`
    write(framed(event))
    // The app sends no more until this piece has arrived: a gateway that buffered it would wait for ever.
    expect(await app.client.untilReceived(event)).toContain(event)
  }
})

test('what a client sends piece by piece reaches the app piece by piece, and is answered so', async () => {
  await using app = await startOpenApp()
  app.client.send(requestHead('POST /', 'Transfer-Encoding: chunked'))
  for (let count = 0; count < EVENTS; count++) {
    app.client.send(asChunk(`piece ${count};`))
    await app.upstream.until(({ received }) => received[0]?.includes(`piece ${count};`) === true)
  }
  app.client.send('0\r\n\r\n')
  await app.client.untilReceived('ok')
})
