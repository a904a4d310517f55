import { afterEach, beforeEach, expect, test } from 'bun:test'
import { RawClient } from '../testing/raw-client.ts'
import { startRawUpstream, type RawUpstream } from '../testing/raw-upstream.ts'
import { HOST, processAt, SESSION, startTestGateway, type TestGateway } from '../testing/test-gateway.ts'

const PLACES = 2

let app: RawUpstream
let gateway: TestGateway
beforeEach(async () => {
  app = await startRawUpstream()
  gateway = await startTestGateway({
    micros: [{ name: 'web', publicRoutes: ['/open'], upstream: processAt(app.port) }],
    trustedProxies: ['127.0.0.1'],
    limits: { connectionsPerClient: PLACES },
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
])('%s of an app is not there, also for somebody who is signed in', async (path) => {
  expect(statusOf(await ask(`GET ${path}`, `Host: ${HOST}`))).toBe(404)
  expect(statusOf(await ask(`GET ${path}`, `Host: ${HOST}`, `Cookie: space_session=${SESSION}`))).toBe(404)
})

test('an app is judged as ever', async () => {
  expect(statusOf(await ask('GET /open', `Host: ${HOST}`))).toBe(200)
  expect(statusOf(await ask('GET /closed', `Host: ${HOST}`))).toBe(401)
  expect(statusOf(await ask('GET /a', `Host: ${HOST}`, `Cookie: space_session=${SESSION}`))).toBe(200)
  expect(app.heads.map((head) => head.split(' ')[1])).toEqual(['/open', '/a'])
})

test('a micro is no trusted proxy, though one may have its address', async () => {
  await ask('GET /open', `Host: ${HOST}`, 'X-Forwarded-For: 198.51.100.1')
  expect(app.heads[0]).toContain('X-Forwarded-For: 127.0.0.1\r\n')
})

test('micros take no places of whoever else comes from loopback', async () => {
  using places = new DisposableStack()
  const comeTo = async (port: number) => places.use(await RawClient.connect(port))
  const micros = [await comeTo(gateway.insidePort!), await comeTo(gateway.insidePort!)]
  expect(await (await comeTo(gateway.insidePort!)).untilEnd()).toBe('')

  const person = await comeTo(gateway.port)
  person.send(`GET /open HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`)
  expect(statusOf(await person.untilReceived('ok'))).toBe(200)

  for (const micro of micros) micro.send(`GET /open HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`)
  for (const micro of micros) expect(statusOf(await micro.untilEnd())).toBe(200)
  for (const micro of micros) micro.socket.end()
  while (statusOf(await ask('GET /open', `Host: ${HOST}`)) !== 200);
})
