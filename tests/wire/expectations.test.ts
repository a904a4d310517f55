/** `Expect: 100-continue` is a matter between client and app, and answers without a body say what they like about one. */
import { expect, test } from 'bun:test'
import { requestHead, startOpenApp } from '../../src/gateway/testing/open-app.ts'
import { always, atHead } from '../../src/gateway/testing/raw-upstream.ts'

const EXPECTING = requestHead('PUT /', 'Expect: 100-continue', 'Content-Length: 3')
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n'
const DONE = 'HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok'

test('the app agrees, the body follows, the answer comes', async () => {
  await using app = await startOpenApp(
    atHead(({ socket }) => {
      socket.write(CONTINUE)
      socket.once('data', () => socket.write(DONE))
    }),
  )
  app.client.send(EXPECTING)
  expect(await app.client.untilReceived(CONTINUE)).toBe(CONTINUE)
  expect(app.upstream.received[0]).toContain('\r\nExpect: 100-continue\r\n')
  expect(app.upstream.received[0]).toEndWith('\r\n\r\n')
  app.client.send('abc')
  expect(await app.client.untilReceived('ok')).toBe(CONTINUE + DONE)
  expect(app.upstream.received[0]).toEndWith('\r\n\r\nabc')
})

test.each([
  'HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\nno',
  'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\nContent-Length: 2\r\n\r\nno',
  'HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 2\r\n\r\nno',
])('a final answer before the body is passed on without waiting for it: %j', async (answer) => {
  await using app = await startOpenApp(atHead(always(answer)))
  app.client.send(EXPECTING)
  // The client may or may not send the body: the connection cannot be reused.
  expect(await app.client.untilReceived('\r\n\r\nno')).toBe(
    answer.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'),
  )
  app.client.send(requestHead('GET /smuggled'))
  app.client.socket.end()
  await app.client.untilEnd()
  expect(app.upstream.heads).toHaveLength(1)
})

test('an unknown expectation is passed on for the app to reject', async () => {
  await using app = await startOpenApp(
    atHead(always('HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n')),
  )
  app.client.send(requestHead('GET /', 'Expect: the-unexpected'))
  expect(await app.client.untilReceived('\r\n\r\n')).toStartWith('HTTP/1.1 417 Expectation Failed\r\n')
  expect(app.upstream.heads[0]).toContain('\r\nExpect: the-unexpected\r\n')
})

test.each([
  ['GET', 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 5\r\n\r\n'],
  ['GET', 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n'],
  ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n'],
  ['HEAD', 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'],
  ['HEAD', 'HTTP/1.1 200 OK\r\nX: y\r\n\r\n'],
  ['GET', 'HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n'],
])(
  'an answer without a body is passed on unchanged, and the connection stays open: %s, %j',
  async (method, answer) => {
    await using app = await startOpenApp(always(answer))
    for (let count = 1; count <= 3; count++) {
      app.client.send(requestHead(`${method} /`))
      await app.client.until(({ received }) => received.length >= answer.length * count)
    }
    expect(app.client.received).toBe(answer.repeat(3))
  },
)
