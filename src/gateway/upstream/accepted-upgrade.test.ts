/** Answers to an upgrade from apps that have not changed to any other protocol. */
import { describe, expect, test } from 'bun:test'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { requestHead } from '../testing/open-app.ts'
import { RawClient } from '../testing/raw-client.ts'
import { OK, startRawUpstream } from '../testing/raw-upstream.ts'
import { processAt, SESSION, startTestGateway } from '../testing/test-gateway.ts'

const upgradeTo = (path: string, protocol: string) =>
  requestHead(`GET ${path}`, 'Connection: Upgrade', `Upgrade: ${protocol}`)

const COOKIE = `Cookie: space_session=${SESSION}`

const startApp = (port: number) =>
  startTestGateway({
    micros: [{ name: 'web', publicRoutes: ['/public/*'], upstream: { ...processAt(port), server: 'node' } }],
  })

test('a status that the client chooses opens no pipe to the private pages of an app', async () => {
  const asked: string[] = []
  await using server = createServer((request, response) => {
    asked.push(`${request.url}`)
    response.writeHead(Number(request.url?.split('/').at(-1)) || 200).end()
  }).listen(0, '127.0.0.1')
  await new Promise((listening) => server.once('listening', listening))
  await using gateway = await startApp((server.address() as AddressInfo).port)
  using client = await RawClient.connect(gateway.port)
  client.send(
    upgradeTo('/public/status/101', 'websocket') + requestHead('GET /admin', 'X-Space-Principal: user:usr_1'),
  )
  await client.until(({ received }) => received.includes('401 ') || asked.length > 1)
  expect(client.received).toStartWith('HTTP/1.1 502 Bad Gateway\r\n')
  expect(client.received).toContain('HTTP/1.1 401 Unauthorized\r\n')
  expect(asked).toEqual(['/public/status/101'])
})

describe('a 101', () => {
  const switched = (...fields: string[]) =>
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\n`

  test.each([
    ['that names what was asked for', 'websocket', ['Upgrade: websocket'], '101'],
    ['that names it in another case', 'websocket', ['Upgrade: WebSocket'], '101'],
    ['that names one of several', 'foo/2, websocket', ['Upgrade: websocket'], '101'],
    ['that names nothing', 'websocket', [], '502'],
    ['that names an empty list', 'websocket', ['Upgrade: ,'], '502'],
    ['that names something else', 'websocket', ['Upgrade: h2c'], '502'],
    ['that names something else as well', 'websocket', ['Upgrade: websocket, h2c'], '502'],
    ['that names something else on another line', 'websocket', ['Upgrade: websocket', 'Upgrade: h2c'], '502'],
  ])('%s', async (_, asked, fields, status) => {
    await using upstream = await startRawUpstream(({ socket }) => void socket.write(switched(...fields)))
    await using gateway = await startApp(upstream.port)
    using client = await RawClient.connect(gateway.port)
    client.send(upgradeTo('/public/ws', asked))
    expect(await client.untilReceived('\r\n\r\n')).toStartWith(`HTTP/1.1 ${status} `)
  })
})

test('an app that refuses an upgrade and stops reading HTTP delays no other request', async () => {
  await using upstream = await startRawUpstream(({ head, socket, index }) => {
    if (head.includes('Upgrade')) socket.write('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno')
    else if (index === 0) socket.write(OK)
  })
  await using gateway = await startApp(upstream.port)
  using stranger = await RawClient.connect(gateway.port)
  stranger.send(upgradeTo('/public/ws', 'websocket'))
  await stranger.untilReceived('no')
  using owner = await RawClient.connect(gateway.port)
  owner.send(requestHead('GET /mine', COOKIE))
  await upstream.until(({ heads }) => heads.length === 2)
  expect(upstream.received).toHaveLength(2)
  await owner.untilReceived('ok')
})
