/** Pages of other origins that use a key: closed unless the key names their origin. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { RawClient } from '../testing/raw-client.ts'
import { always, type RawUpstream, startRawUpstream } from '../testing/raw-upstream.ts'
import { HOST, KEY, processAt, SESSION, startTestGateway, type TestGateway } from '../testing/test-gateway.ts'

const PAGE = 'https://page.test'
const APP_LINES = 'Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Credentials: true\r\n'

let upstream: RawUpstream
let gateway: TestGateway
beforeAll(async () => {
  upstream = await startRawUpstream(
    always(`HTTP/1.1 200 OK\r\n${APP_LINES}Vary: Accept\r\nContent-Length: 2\r\n\r\nok`),
  )
  gateway = await startTestGateway({
    origins: [PAGE, 'http://localhost:3000'],
    micros: [
      { name: 'web', publicRoutes: ['/open'], apiKeys: true, upstream: processAt(upstream.port) },
      { name: 'closed', mount: '/closed', upstream: processAt(upstream.port) },
    ],
  })
})
afterAll(async () => {
  await gateway.close()
  await upstream[Symbol.asyncDispose]()
})

async function ask(line: string, ...fields: readonly string[]): Promise<string> {
  using client = await RawClient.connect(gateway.port)
  client.send([`${line} HTTP/1.1`, `Host: ${HOST}`, ...fields, 'Connection: close', '', ''].join('\r\n'))
  return await client.untilEnd()
}
const statusOf = (answer: string): number => Number(answer.split(' ')[1])
const readersOf = (answer: string): string[] => answer.match(/^Access-Control-.*$/gm) ?? []

const preflight = (path: string, origin: string, method = 'POST', fields = 'content-type,x-space-app-key') =>
  ask(
    `OPTIONS ${path}`,
    `Origin: ${origin}`,
    `Access-Control-Request-Method: ${method}`,
    `Access-Control-Request-Headers: ${fields}`,
  )

describe('a preflight', () => {
  test('of a page that a key names is answered by us, and never with cookies', async () => {
    const before = upstream.heads.length
    const answer = await preflight('/notes', PAGE)
    expect(statusOf(answer)).toBe(204)
    expect(readersOf(answer)).toEqual([
      `Access-Control-Allow-Origin: ${PAGE}`,
      'Access-Control-Allow-Methods: POST',
      'Access-Control-Allow-Headers: content-type,x-space-app-key',
      'Access-Control-Max-Age: 600',
    ])
    expect(answer).toContain('Vary: Origin, ')
    expect(upstream.heads.length).toBe(before)
  })

  test.each([
    ['of another origin', '/notes', 'https://other.test', 'POST', 'x-space-app-key'],
    ['of another port', '/notes', `${PAGE}:8443`, 'POST', 'x-space-app-key'],
    ['of another scheme', '/notes', 'http://page.test', 'POST', 'x-space-app-key'],
    ['of no origin', '/notes', 'null', 'POST', 'x-space-app-key'],
    ['of two origins', '/notes', `${PAGE}, ${PAGE}`, 'POST', 'x-space-app-key'],
    ['in another case', '/notes', 'https://PAGE.test', 'POST', 'x-space-app-key'],
    ['without a key', '/notes', PAGE, 'POST', 'content-type'],
    ['for a header that only looks like the key', '/notes', PAGE, 'POST', 'xx-space-app-key'],
    ['for a header that is none', '/notes', PAGE, 'POST', 'x-space-app-key, a b'],
    ['for a method that is none', '/notes', PAGE, 'post', 'x-space-app-key'],
    ['of a micro that takes no keys', '/closed/x', PAGE, 'POST', 'x-space-app-key'],
  ])('%s stays refused', async (_, path, origin, method, fields) => {
    const answer = await preflight(path, origin, method, fields)
    expect(statusOf(answer)).toBe(401)
    expect(readersOf(answer)).toEqual([])
  })

  test('of a public path is the app’s', async () => {
    const answer = await preflight('/open', PAGE)
    expect(readersOf(answer).join('\r\n')).toBe(APP_LINES.trim())
  })

  test('with a session is forwarded to the app', async () => {
    const cookie = [`Cookie: space_session=${SESSION}`, `Origin: http://${HOST}`]
    expect(statusOf(await ask('OPTIONS /notes', ...cookie))).toBe(200)
  })
})

describe('a request with the key', () => {
  test('from a page that it names may be read there, whatever the app says', async () => {
    const answer = await ask('GET /notes', `X-Space-App-Key: ${KEY}`, `Origin: ${PAGE}`)
    expect(statusOf(answer)).toBe(200)
    expect(readersOf(answer)).toEqual([`Access-Control-Allow-Origin: ${PAGE}`])
    expect(answer.match(/^Vary: .*$/gm)).toEqual(['Vary: Accept', 'Vary: Origin'])
  })

  test.each(['https://other.test', 'null', `http://${HOST}`])('from %s is refused', async (origin) => {
    const before = upstream.heads.length
    const answer = await ask('GET /notes', `X-Space-App-Key: ${KEY}`, `Origin: ${origin}`)
    expect(statusOf(answer)).toBe(401)
    expect(readersOf(answer)).toEqual([])
    expect(gateway.refusals.at(-1)).toMatchObject({ reason: 'key-origin', credential: 'key' })
    expect(upstream.heads.length).toBe(before)
  })

  test('of a program is let in, and what the app says of readers is kept', async () => {
    const answer = await ask('GET /notes', `X-Space-App-Key: ${KEY}`)
    expect(readersOf(answer).join('\r\n')).toBe(APP_LINES.trim())
  })

  test('that is wrong is refused without CORS headers', async () => {
    const answer = await ask('GET /notes', 'X-Space-App-Key: key1_wrong', `Origin: ${PAGE}`)
    expect(statusOf(answer)).toBe(401)
    expect(readersOf(answer)).toEqual([])
  })
})

test('a page can read the answer that the key was used too often', async () => {
  await using tight = await startTestGateway({
    origins: [PAGE],
    perMinute: 1,
    micros: [{ name: 'web', apiKeys: true, upstream: processAt(upstream.port) }],
  })
  const statuses: string[] = []
  for (let at = 0; at < 2; at++) {
    using client = await RawClient.connect(tight.port)
    const fields = `Host: ${HOST}\r\nX-Space-App-Key: ${KEY}\r\nOrigin: ${PAGE}\r\nConnection: close`
    client.send(`GET / HTTP/1.1\r\n${fields}\r\n\r\n`)
    const answer = await client.untilEnd()
    statuses.push(`${statusOf(answer)} ${readersOf(answer).join()}`)
  }
  expect(statuses).toEqual([
    `200 Access-Control-Allow-Origin: ${PAGE}`,
    `429 Access-Control-Allow-Origin: ${PAGE}`,
  ])
})

test('without origins, everything is as closed as before', async () => {
  await using plain = await startTestGateway({
    micros: [{ name: 'web', apiKeys: true, upstream: processAt(upstream.port) }],
  })
  using client = await RawClient.connect(plain.port)
  const fields = 'Access-Control-Request-Method: GET\r\nAccess-Control-Request-Headers: x-space-app-key'
  client.send(`OPTIONS / HTTP/1.1\r\nHost: ${HOST}\r\nOrigin: ${PAGE}\r\n${fields}\r\n\r\n`)
  expect(await client.untilReceived('}')).toStartWith('HTTP/1.1 401')
})
