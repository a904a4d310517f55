import { afterAll, afterEach, beforeEach, expect, test } from 'bun:test'
import { temporaryCertificates } from '../../tls/testing/temporary-certificates.ts'
import { RawClient } from '../testing/raw-client.ts'
import { startRawUpstream, type RawUpstream } from '../testing/raw-upstream.ts'
import { HOST, KEY, processAt, SESSION, startTestGateway, type TestGateway } from '../testing/test-gateway.ts'

const certificates = temporaryCertificates(['cloud.test', '*.cloud.test'])
afterAll(() => certificates[Symbol.dispose]())

let upstream: RawUpstream
let gateway: TestGateway
beforeEach(async () => {
  upstream = await startRawUpstream()
  gateway = await startTestGateway({
    tls: { certificates: certificates.book, httpPort: 0 },
    micros: [{ name: 'web', publicRoutes: ['/*'], apiKeys: true, upstream: processAt(upstream.port) }],
  })
})
afterEach(async () => {
  expect(upstream.received).toEqual([])
  await gateway.close()
  await upstream[Symbol.asyncDispose]()
})

async function ask(...lines: string[]): Promise<string> {
  using client = await RawClient.connect(gateway.httpPort!)
  client.send(lines.map((line) => `${line}\r\n`).join('') + '\r\n')
  return await client.until(({ received, isEnded }) => received.includes('\r\n\r\n') || isEnded)
}
const statusOf = (answer: string): number => Number(answer.split(' ')[1])
const locationOf = (answer: string): string | undefined => /^Location: (.*)\r$/m.exec(answer)?.[1]

test.each([
  ['GET /', HOST, `https://${HOST}/`],
  ['HEAD /a?b=c', HOST, `https://${HOST}/a?b=c`],
  ['GET /%2f..%2f//x;y', HOST, `https://${HOST}/%2f..%2f//x;y`],
  ['GET //evil.example/', HOST, `https://${HOST}//evil.example/`],
  ['GET /\\evil.example', HOST, `https://${HOST}/\\evil.example`],
  ['GET /x', `${HOST}:80`, `https://${HOST}/x`],
  ['GET /x', `${HOST}.:8080`, `https://${HOST}/x`],
  ['GET /x', HOST.toUpperCase(), `https://${HOST}/x`],
  [`GET http://${HOST}/x`, HOST, `https://${HOST}/x`],
  ['GET /x', 'cloud.test', 'https://cloud.test/x'],
])('%s of %s leads to %s', async (line, host, location) => {
  const answer = await ask(`${line} HTTP/1.1`, `Host: ${host}`)
  expect([statusOf(answer), locationOf(answer)]).toEqual([308, location])
  expect(answer).toContain('Cache-Control: no-store\r\n')
  expect(answer).not.toContain('Set-Cookie')
})

test('by a name of the machine itself, the way leads to Home', async () => {
  const answer = await ask('GET /x HTTP/1.1', 'Host: localhost:8080')
  expect([statusOf(answer), locationOf(answer)]).toEqual([302, 'https://cloud.test/x'])
})

test.each([
  'evil.example',
  'unknown.cloud.test',
  `${HOST}.evil.example`,
  'cloud.test.evil.example',
  '192.0.2.1',
])('%s gets no redirect', async (host) => {
  const answer = await ask('GET / HTTP/1.1', `Host: ${host}`)
  expect([statusOf(answer), locationOf(answer)]).toEqual([404, undefined])
})

test.each([
  ['another Host beside it', ['GET / HTTP/1.1', `Host: ${HOST}`, 'Host: evil.example']],
  ['a target of another host', ['GET http://evil.example/ HTTP/1.1', `Host: ${HOST}`]],
  ['user info in its Host', ['GET / HTTP/1.1', `Host: ${HOST}@evil.example`]],
  ['a slash in its Host', ['GET / HTTP/1.1', `Host: ${HOST}/evil.example`]],
  ['no Host', ['GET / HTTP/1.1']],
])('a request with %s is malformed', async (_, lines) => {
  const answer = await ask(...lines)
  expect([statusOf(answer), locationOf(answer)]).toEqual([400, undefined])
})

test.each([
  ['POST', []],
  ['PUT', []],
  ['OPTIONS', []],
  ['TRACE', []],
  ['GET', [`X-Space-App-Key: ${KEY}`]],
  ['GET', ['X-API-Key: internal-key']],
  ['GET', ['authorization: Bearer x']],
])('%s with %j is refused', async (method, fields) => {
  const answer = await ask(`${method} / HTTP/1.1`, `Host: ${HOST}`, ...fields)
  expect([statusOf(answer), locationOf(answer)]).toEqual([403, undefined])
  expect(answer).toContain('"code":"https_only"')
})

test('a session that comes unencrypted opens nothing', async () => {
  for (const name of ['space_session', '__Host-space_session']) {
    const answer = await ask('GET / HTTP/1.1', `Host: ${HOST}`, `Cookie: ${name}=${SESSION}`)
    expect(statusOf(answer)).toBe(308)
  }
})

test('what belongs to Home or to us is not answered on plain http either', async () => {
  for (const target of ['/api/v0/time', '/__space/auth/callback?code=x', '/login']) {
    for (const host of [HOST, 'cloud.test'])
      expect(statusOf(await ask(`GET ${target} HTTP/1.1`, `Host: ${host}`))).toBe(308)
  }
  expect(statusOf(await ask('POST /api/v0/session HTTP/1.1', 'Host: cloud.test', 'Content-Length: 0'))).toBe(
    403,
  )
})

test('TLS on the plain port is a malformed request', async () => {
  await expect(RawClient.connectTls(gateway.httpPort!, HOST)).rejects.toThrow()
})

test('too many cookies are removed as far as plain http can', async () => {
  using client = await RawClient.connect(gateway.httpPort!)
  client.send(`GET / HTTP/1.1\r\nHost: ${HOST}\r\nCookie: bomb=${'x'.repeat(40_000)}\r\n\r\n`)
  const answer = await client.untilEnd()
  expect(answer).toContain('Set-Cookie: bomb=-; Domain=cloud.test; Path=/; Max-Age=0\r\n')
  expect(answer).not.toContain('Secure')
})

test('the two ports share one bound of connections for each address', async () => {
  await using tight = await startTestGateway({
    tls: { certificates: certificates.book, httpPort: 0 },
    limits: { connectionsPerClient: 1 },
    micros: [{ name: 'web', upstream: processAt(1) }],
  })
  using first = await RawClient.connect(tight.httpPort!)
  first.send('GET / HTTP/1.1\r\nHost: cloud.test\r\n\r\n')
  await first.untilReceived('308')
  using second = await RawClient.connectTls(tight.port, HOST)
  second.send(`GET / HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`)
  expect(await second.untilEnd()).toStartWith('HTTP/1.1 503 ')
})
