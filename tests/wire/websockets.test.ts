/** A WebSocket between a real client and a real server, neither of which notices that a gateway is between them. */
import type { ServerWebSocket } from 'bun'
import { expect, test } from 'bun:test'
import { RawClient } from '../../src/gateway/testing/raw-client.ts'
import { requestHead } from '../../src/gateway/testing/open-app.ts'
import { startRawUpstream } from '../../src/gateway/testing/raw-upstream.ts'
import { HOST, processAt, startTestGateway } from '../../src/gateway/testing/test-gateway.ts'

type Handlers = Partial<Bun.WebSocketHandler<undefined>>

/** A server of Bun's that speaks WebSocket, behind a gateway. */
async function startApp(handlers: Handlers) {
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: (request, running) => (running.upgrade(request) ? undefined : new Response('no', { status: 400 })),
    websocket: { message() {}, ...handlers },
  })
  const gateway = await startGatewayFor(server.port!)
  return {
    port: gateway.port,
    connect: () => open(gateway.port),
    async [Symbol.asyncDispose]() {
      await gateway.close()
      await server.stop(true)
    },
  }
}

const startGatewayFor = (port: number) =>
  startTestGateway({
    micros: [{ name: 'web', publicRoutes: ['/*'], upstream: processAt(port) }],
    limits: { drainMs: 100 },
  })

async function open(port: number): Promise<WebSocket> {
  // Browsers have no such option, and the types of both are merged.
  const options = { headers: { Host: HOST } } as unknown as string[]
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`, options)
  socket.binaryType = 'arraybuffer'
  await next(socket, 'open')
  return socket
}

/** The next event of its kind; throws when the connection fails before. */
const next = <K extends keyof WebSocketEventMap>(socket: WebSocket, kind: K) =>
  new Promise<WebSocketEventMap[K]>((resolve, reject) => {
    socket.addEventListener(kind, resolve, { once: true })
    socket.addEventListener('error', () => reject(new Error('the WebSocket failed')), { once: true })
  })

const MESSAGES = 10_000

/** Text and octets in turn, some longer than one frame header or one packet holds. */
function messageOf(index: number): string | Uint8Array<ArrayBuffer> {
  const length = index % 500 === 0 ? 70_000 : index % 20 === 0 ? 300 : 10
  const text = `${index} ä `.padEnd(length, 'x')
  return index % 2 === 0 ? text : new TextEncoder().encode(text)
}

const isSame = (sent: string | Uint8Array, got: string | ArrayBuffer): boolean =>
  typeof sent === 'string' ? got === sent : typeof got !== 'string' && Buffer.from(got).equals(sent)

test('ten thousand messages, text and binary, come back whole and in order', async () => {
  await using app = await startApp({
    message: (socket: ServerWebSocket<undefined>, message) => void socket.send(message),
  })
  const socket = await app.connect()
  const done = Promise.withResolvers<void>()
  const wrong: number[] = []
  let count = 0
  socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
    if (!isSame(messageOf(count), data)) wrong.push(count)
    if (++count === MESSAGES) done.resolve()
  })
  socket.addEventListener('close', () => done.resolve())
  for (let index = 0; index < MESSAGES; index++) socket.send(messageOf(index))
  await done.promise
  expect({ count, wrong }).toEqual({ count: MESSAGES, wrong: [] })
  socket.close()
})

test('pings and pongs pass both ways, with what they carry', async () => {
  const atServer: string[] = []
  const pinged = Promise.withResolvers<void>()
  await using app = await startApp({
    open: (socket) => void socket.ping('of the server'),
    ping(_socket, data) {
      atServer.push(data.toString())
      pinged.resolve()
    },
  })
  const { connection, until } = await rawOpen(app.port)
  using client = connection
  expect(await until('of the server')).toEndWith('\x89\x0dof the server')
  client.send(frame(0x89, 'of the client'))
  await until('\x8a\x0dof the client')
  await pinged.promise
  expect(atServer).toEqual(['of the client'])
})

test.each([
  ['with a code', 1000, undefined, 1000, ''],
  ['with a code and a reason', 4001, 'wegen ä', 4001, 'wegen ä'],
])('a close %s arrives as such, from either side', async (_name, code, reason, seenCode, seenReason) => {
  const seen = Promise.withResolvers<[number, string]>()
  await using app = await startApp({
    message: (socket) => void socket.close(code, reason),
    close: (_socket, ...closed) => seen.resolve([closed[0], closed[1]]),
  })
  const leaving = await app.connect()
  leaving.close(code, reason)
  expect(await seen.promise).toEqual([seenCode, seenReason])

  const left = await app.connect()
  const closed = next(left, 'close')
  left.send('close, please')
  const { code: leftCode, reason: leftReason } = await closed
  expect([leftCode, leftReason]).toEqual([seenCode, seenReason])
})

test('a close without a code stays one without a code', async () => {
  const seen = Promise.withResolvers<number>()
  await using app = await startApp({ close: (_socket, code) => seen.resolve(code) })
  const leaving = await app.connect()
  leaving.close()
  expect(await seen.promise).toBe(1005)

  await using frames = await startFrames('\x88\x00')
  const { code, reason, wasClean } = await next(await open(frames.port), 'close')
  expect({ code, reason, wasClean }).toEqual({ code: 1005, reason: '', wasClean: true })
})

test('a message in fragments, with a ping between them, is one message to the app', async () => {
  await using app = await startApp({ message: (socket, message) => void socket.send(`got ${message}`) })
  const { connection, until } = await rawOpen(app.port)
  using client = connection
  client.send(frame(0x01, 'one '))
  client.send(frame(0x00, 'two '))
  client.send(frame(0x89, 'still there?'))
  await until('still there?')
  client.send(frame(0x80, 'three'))
  expect(await until('three')).toEndWith('\x81\x11got one two three')
})

test('a message of the app in fragments is one message to the client', async () => {
  await using frames = await startFrames('\x01\x04one ', '\x00\x04two ', '\x89\x01?', '\x80\x05three')
  const { data } = await next(await open(frames.port), 'message')
  expect(data).toBe('one two three')
})

/** A server that takes any WebSocket and sends these frames, behind a gateway. */
async function startFrames(...frames: string[]) {
  const upstream = await startRawUpstream(({ socket, head }) => {
    const key = /^sec-websocket-key: (.*)$/im.exec(head)![1]!
    const accept = new Bun.CryptoHasher('sha1')
      .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64')
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    )
    for (const octets of frames) socket.write(octets, 'latin1')
  })
  const gateway = await startGatewayFor(upstream.port)
  return {
    port: gateway.port,
    async [Symbol.asyncDispose]() {
      await gateway.close()
      await upstream[Symbol.asyncDispose]()
    },
  }
}

/** A client that writes its own frames. */
async function rawOpen(port: number) {
  const connection = await RawClient.connect(port)
  connection.send(
    requestHead(
      'GET /',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ),
  )
  await connection.untilReceived('\r\n\r\n')
  return { connection, until: (text: string) => connection.untilReceived(text) }
}

/** A client's frame (RFC 6455, 5.2), masked with zeros, up to 125 octets. */
const frame = (head: number, payload: string): Buffer =>
  Buffer.concat([Buffer.from([head, 0x80 | payload.length, 0, 0, 0, 0]), Buffer.from(payload, 'latin1')])
