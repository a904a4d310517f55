/** A process that was replaced may end as soon as nothing is under way to it, and not before. */
import { expect, test } from 'bun:test'
import { type OpenApp, requestHead, startOpenApp } from '../testing/open-app.ts'
import { atHead, OK } from '../testing/raw-upstream.ts'
import { SOON } from '../testing/test-gateway.ts'

/** Whether the gateway says that nothing is under way, as far as it can say so by now. */
function watch(app: OpenApp) {
  const state = { isUnused: false, unused: Promise.resolve() }
  state.unused = app.gateway
    .untilUnused({ host: '127.0.0.1', port: app.upstream.port })
    .then(() => void (state.isUnused = true))
  return state
}

/** A client that has sent its end may still read, so its request is under way for a time. */
const GONE_SOON = { ...SOON, halfClosedMs: 50 }

const turns = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
}

test('an upstream without a request is unused, and loses its idle connections', async () => {
  await using app = await startOpenApp()
  app.client.send(requestHead('GET /'))
  await app.client.untilReceived('ok')
  expect(app.upstream.openConnections).toBe(1)
  await watch(app).unused
  await app.upstream.until(({ openConnections }) => openConnections === 0)
})

test('an upstream is used until its last answer is whole', async () => {
  const answer = Promise.withResolvers<void>()
  await using app = await startOpenApp(async ({ socket }) => {
    socket.write(OK.slice(0, -1))
    await answer.promise
    socket.write(OK.slice(-1))
  })
  app.client.send(requestHead('GET /'))
  await app.client.untilReceived('200 OK')
  const watched = watch(app)
  await turns()
  expect(watched.isUnused).toBe(false)
  answer.resolve()
  await watched.unused
})

test('an upstream is used while a body is on its way to it', async () => {
  await using app = await startOpenApp()
  app.client.send(`${requestHead('POST /', 'Content-Length: 2')}o`)
  await app.upstream.until(({ received }) => received.length === 1)
  const watched = watch(app)
  await turns()
  expect(watched.isUnused).toBe(false)
  app.client.send('k')
  await watched.unused
  expect(await app.client.untilReceived('ok')).toBe(OK)
})

test.each(['client', 'upstream'] as const)('a WebSocket uses it until the %s closes it', async (closer) => {
  const sockets: { destroy(): void }[] = []
  await using app = await startOpenApp(
    atHead(({ socket }) => {
      sockets.push(socket)
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n')
    }),
    { limits: GONE_SOON },
  )
  app.client.send(requestHead('GET /', 'Connection: Upgrade', 'Upgrade: echo'))
  await app.client.untilReceived('101')
  const watched = watch(app)
  await turns()
  expect(watched.isUnused).toBe(false)
  if (closer === 'client') app.client.socket.destroy()
  else sockets[0]!.destroy()
  await watched.unused
})

test('a client that goes away leaves nothing under way', async () => {
  await using app = await startOpenApp(() => {}, { limits: GONE_SOON })
  app.client.send(requestHead('GET /'))
  await app.upstream.until(({ heads }) => heads.length === 1)
  const watched = watch(app)
  app.client.socket.destroy()
  await watched.unused
})

test('an upgrade that no client asked for leaves nothing under way', async () => {
  await using app = await startOpenApp(
    atHead(({ socket }) => void socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\n\r\n')),
  )
  app.client.send(requestHead('GET /'))
  await app.client.untilReceived('502')
  await watch(app).unused
})

test('an upstream that cannot be connected to is unused', async () => {
  await using app = await startOpenApp()
  await app.upstream[Symbol.asyncDispose]()
  app.client.send(requestHead('GET /'))
  await app.client.untilReceived('HTTP/1.1 5')
  await watch(app).unused
})
