import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { until } from '../../kernel/testing/until.ts'
import { RawClient } from '../testing/raw-client.ts'
import { startRawUpstream, type RawUpstream } from '../testing/raw-upstream.ts'
import {
  HOST,
  processAt,
  SESSION,
  SOON,
  startTestGateway,
  type TestGateway,
} from '../testing/test-gateway.ts'

const PLACES = 2

let app: RawUpstream
let gateway: TestGateway
beforeEach(async () => {
  app = await startRawUpstream()
  gateway = await startTestGateway({
    micros: [{ name: 'web', publicRoutes: ['/open'], upstream: processAt(app.port) }],
    trustedProxies: ['127.0.0.1'],
    limits: { ...SOON, connectionsPerClient: PLACES, refusedMs: 50 },
  })
})
afterEach(async () => {
  await gateway.close()
  await app[Symbol.asyncDispose]()
})

async function ask(line: string, ...fields: string[]): Promise<string> {
  using client = await RawClient.connect(gateway.insidePort!)
  client.send([`${line} HTTP/1.1`, ...fields, 'Connection: close', '', ''].join('\r\n'))
  return await client.untilEnd()
}
const statusOf = (answer: string): number => Number(answer.split(' ')[1])

test.each(['/', '/login', '/api/v0/status'])('%s of Home is not there', async (path) => {
  for (const name of ['cloud.test', 'CLOUD.test.', 'localhost:80', '127.0.0.1'])
    expect(statusOf(await ask(`GET ${path}`, `Host: ${name}`))).toBe(404)
})

test.each([
  '/__space',
  '/__space/auth/callback?code=x',
  '/%5f_space/auth/callback',
  '/%255f_space/x',
  '//__space/x',
  '/__SPACE/x',
])('%s of an app is not served, not even to a signed-in user', async (path) => {
  expect(statusOf(await ask(`GET ${path}`, `Host: ${HOST}`))).toBe(404)
  expect(statusOf(await ask(`GET ${path}`, `Host: ${HOST}`, `Cookie: space_session=${SESSION}`))).toBe(404)
})

test('an app is decided on by its usual rules', async () => {
  expect(statusOf(await ask('GET /open', `Host: ${HOST}`))).toBe(200)
  expect(statusOf(await ask('GET /closed', `Host: ${HOST}`))).toBe(401)
  expect(statusOf(await ask('GET /a', `Host: ${HOST}`, `Cookie: space_session=${SESSION}`))).toBe(200)
  expect(app.heads.map((head) => head.split(' ')[1])).toEqual(['/open', '/a'])
})

test('a micro is no trusted proxy, though one may have its address', async () => {
  await ask('GET /open', `Host: ${HOST}`, 'X-Forwarded-For: 198.51.100.1')
  expect(app.heads[0]).toContain('X-Forwarded-For: 127.0.0.1\r\n')
})

describe('places', () => {
  const ONE = '127.130.0.1'
  const OTHER = '127.130.0.2'
  let places: DisposableStack
  beforeEach(() => void (places = new DisposableStack()))
  afterEach(() => places.dispose())

  const comeTo = async (port: number, from?: string) => places.use(await RawClient.connect(port, from))
  const comeInside = (from: string) => comeTo(gateway.insidePort!, from)

  async function isServed(client: RawClient): Promise<boolean> {
    client.send(`GET /open HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`)
    const received = await client.until((at) => at.received.includes('ok') || at.isClosed)
    return statusOf(received) === 200
  }

  test('of one instance are its own: another instance, and a client from loopback outside, keep theirs', async () => {
    const held = [await comeInside(ONE), await comeInside(ONE)]
    expect(await (await comeInside(ONE)).untilEnd()).toBe('')
    expect(await isServed(await comeInside(OTHER))).toBe(true)
    expect(await isServed(await comeTo(gateway.port))).toBe(true)
    expect(await isServed(await comeTo(gateway.port, ONE))).toBe(true)
    for (const client of held) expect(await isServed(client)).toBe(true)
  })

  test('come back when a connection has ended', async () => {
    const held = [await comeInside(ONE), await comeInside(ONE)]
    for (const client of held) client.socket.end()
    for (const client of held) await client.untilEnd()
    await until('a place is free', async () => isServed(await comeInside(ONE)))
  })

  test('are never all taken by micros: half are left for visitors, and one instance has a quarter of that half', async () => {
    await using crowded = await startTestGateway({
      micros: [{ name: 'web', publicRoutes: ['/open'], upstream: processAt(app.port) }],
      limits: { ...SOON, connections: 16, refusedMs: 50 },
    })
    const enter = (from: string) => comeTo(crowded.insidePort!, from)
    for (const instance of [1, 2, 3, 4]) {
      const held = [await enter(`127.130.0.${instance}`), await enter(`127.130.0.${instance}`)]
      for (const client of held) expect(await isServed(client)).toBe(true)
      expect(await (await enter(`127.130.0.${instance}`)).untilEnd()).toBe('')
    }
    expect(await (await enter('127.130.0.5')).untilEnd()).toBe('')
    for (let at = 0; at < 8; at++) expect(await isServed(await comeTo(crowded.port))).toBe(true)
  })
})
