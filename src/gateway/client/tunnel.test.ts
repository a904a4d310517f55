import { expect, test } from 'bun:test'
import { startOpenApp } from '../testing/open-app.ts'
import { cutAtOnce, echo, LAST_WORDS, speakLast, SWITCHED, UPGRADE } from '../testing/tunnels.ts'

test('what comes right behind the upgrade, before its answer, reaches the app after it', async () => {
  await using app = await startOpenApp(echo)
  app.client.send(`${UPGRADE}early`)
  expect(await app.client.untilReceived('early')).toBe(`${SWITCHED}early`)
})

test('ten thousand messages arrive in order and whole', async () => {
  await using app = await startOpenApp(echo)
  app.client.send(UPGRADE)
  await app.client.untilReceived(SWITCHED)
  const messages = Array.from({ length: 10_000 }, (_, index) => `\x82\x06${String(index).padStart(6, '0')}`)
  for (const message of messages) app.client.send(message)
  const all = SWITCHED + messages.join('')
  await app.client.until(({ received }) => received.length >= all.length)
  expect(app.client.received === all).toBe(true)
})

test('an end of the client reaches the app, whose last words still reach the client', async () => {
  await using app = await startOpenApp(speakLast)
  app.client.send(UPGRADE)
  await app.client.untilReceived(SWITCHED)
  app.client.socket.end()
  expect((await app.client.untilEnd()) === SWITCHED + LAST_WORDS).toBe(true)
  await app.upstream.until(({ openConnections }) => openConnections === 0)
})

test('a client that is cut cuts its app, and the reverse', async () => {
  await using app = await startOpenApp(echo)
  app.client.send(UPGRADE)
  await app.client.untilReceived(SWITCHED)
  app.client.socket.resetAndDestroy()
  await app.upstream.until(({ openConnections }) => openConnections === 0)

  await using other = await startOpenApp(cutAtOnce)
  other.client.send(UPGRADE)
  await other.client.until(({ isClosed }) => isClosed)
})

test('a reader that stalls stops the writer', async () => {
  await using app = await startOpenApp(echo)
  app.client.send(UPGRADE)
  await app.client.untilReceived(SWITCHED)
  app.client.socket.pause()
  const piece = Buffer.alloc(1_000_000, 'x')
  // More than all buffers between hold; the rest can only leave when the client reads again.
  for (let count = 0; count < 20; count++) app.client.socket.write(piece)
  app.client.socket.resume()
  await app.client.until(({ received }) => received.length === SWITCHED.length + 20_000_000)
})

test('a tunnel that has closed frees its place', async () => {
  await using app = await startOpenApp(echo, { limits: { connectionsPerClient: 2 } })
  for (let round = 0; round < 5; round++) {
    const client = await app.connect()
    client.send(UPGRADE)
    await client.untilReceived(SWITCHED)
    client.socket.end()
    await client.untilEnd()
    await app.upstream.until(({ openConnections }) => openConnections === 0)
  }
  const client = await app.connect()
  client.send(UPGRADE)
  expect(await client.untilReceived(SWITCHED)).toBe(SWITCHED)
})
