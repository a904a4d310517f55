import { expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GatewayLimits } from '../index.ts'
import { RawClient } from '../testing/raw-client.ts'
import { always, OK, startRawUpstream, type RawUpstream, type Script } from '../testing/raw-upstream.ts'
import { HOST, processAt, SESSION, startTestGateway } from '../testing/test-gateway.ts'

interface Setting extends AsyncDisposable {
  readonly platform: RawUpstream
  /** Sends one request and gives the whole answer. */
  ask(text: string): Promise<string>
}

async function start(script: Script = always(OK), limits: Partial<GatewayLimits> = {}): Promise<Setting> {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'))
  const platformSocket = join(folder, 'home.sock')
  const platform = await startRawUpstream(script, platformSocket)
  const gateway = await startTestGateway({
    platformSocket,
    limits,
    micros: [
      { name: 'web', publicRoutes: ['/*'], upstream: processAt(1) },
      { name: 'api', mount: '/api', publicRoutes: ['/*'], upstream: processAt(1) },
    ],
  })
  return {
    platform,
    async ask(text) {
      using client = await RawClient.connect(gateway.port)
      client.send(text)
      return await client.untilEnd()
    },
    async [Symbol.asyncDispose]() {
      await gateway.close()
      await platform[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true })
    },
  }
}

const request = (line: string, host: string, ...fields: string[]): string =>
  `${line} HTTP/1.1\r\nHost: ${host}\r\n${fields.map((field) => `${field}\r\n`).join('')}Connection: close\r\n\r\n`

test('Home is the platform’s, with the client’s address and target told and its own cookies kept', async () => {
  await using setting = await start()
  await setting.ask(
    request(
      'GET /api/v0/apps?x=%20',
      'cloud.test',
      'Cookie: space_home=abc',
      'X-Deta-Signature: v0=a:b',
      'X-Space-Client: cli/1',
      'X-Space-Gateway-Instance: inst_9',
      'X_Space_Gateway_Client: 6.6.6.6',
      'X-Forwarded-For: 6.6.6.6',
    ),
  )
  const head = setting.platform.heads[0]!
  expect(head).toStartWith(
    'GET /api/v0/apps?x=%20 HTTP/1.1\r\nHost: cloud.test\r\nCookie: space_home=abc\r\nX-Deta-Signature: v0=a:b\r\nX-Space-Client: cli/1\r\nX-Forwarded-For: 127.0.0.1\r\n',
  )
  expect(head).toContain(
    '\r\nX-Space-Gateway-Client: 127.0.0.1\r\nX-Space-Gateway-Target: /api/v0/apps?x=%20\r\n',
  )
  expect(head).not.toMatch(/inst_9|6\.6\.6\.6|Gateway-Instance|Gateway-Principal/)
})

test('the body of a GET travels in a header', async () => {
  await using setting = await start()
  expect(await setting.ask(`${request('GET /api/v0/apps', 'cloud.test', 'Content-Length: 2')}{}`)).toContain(
    'ok',
  )
  expect(setting.platform.received[0]).toContain('\r\nX-Space-Gateway-Body: e30=\r\n\r\n')
  expect(setting.platform.received[0]).not.toContain('Content-Length')
})

test('its length does not travel along, wherever it stands: the platform would wait for the body', async () => {
  await using setting = await start()
  const between = request('GET /api/v0/apps', 'cloud.test', 'A: 1', 'Content-Length: 2', 'B: 2')
  await setting.ask(`${between}{}`)
  expect(setting.platform.received[0]).toContain('\r\nA: 1\r\nB: 2\r\n')
})

test('nor do chunks: what ends them would stand before the next request on that connection', async () => {
  await using setting = await start()
  const chunked = request('GET /api/v0/apps', 'cloud.test', 'Transfer-Encoding: chunked')
  await setting.ask(`${chunked}2\r\n{}\r\n0\r\n\r\n`)
  await setting.ask(request('GET /api/v0/time', 'cloud.test'))
  expect(setting.platform.received.join('')).toMatch(
    /^GET \/api\/v0\/apps [^]+\r\nX-Space-Gateway-Body: e30=\r\n\r\nGET \/api\/v0\/time /,
  )
})

test('a GET with a large body is refused', async () => {
  await using setting = await start()
  expect(
    await setting.ask(request('GET /', 'cloud.test', 'Content-Length: 9000') + 'x'.repeat(9000)),
  ).toStartWith('HTTP/1.1 413 ')
  expect(setting.platform.received).toEqual([])
})

test('what bounds the bodies of apps does not bound what is pushed', async () => {
  await using setting = await start(always(OK), { requestBodyBytes: 4 })
  const fields = ['Transfer-Encoding: chunked']
  const answer = await setting.ask(
    `${request('POST /api/v0/builds/1/code', 'cloud.test', ...fields)}5\r\nhello\r\n0\r\n\r\n`,
  )
  expect(answer).toStartWith('HTTP/1.1 200 ')
  expect(setting.platform.received[0]).toEndWith('\r\n\r\n5\r\nhello\r\n0\r\n\r\n')
})

test('/__space/ of an app host is the platform’s even if everything is public', async () => {
  await using setting = await start()
  for (const path of [
    '/__space/auth/callback?code=1',
    '/__space/v0/actions',
    '/__space/actions/x',
    '/__space',
  ])
    expect(await setting.ask(request(`POST ${path}`, HOST, 'Content-Length: 0'))).toContain('ok')
  expect(setting.platform.heads.length).toBe(4)
  for (const head of setting.platform.heads) {
    expect(head).toContain('X-Space-Gateway-Instance: inst_1\r\n')
    expect(head).not.toContain('X-Space-Gateway-Principal')
  }
})

test('the platform is sent the principal, and the cookies that it has set', async () => {
  await using setting = await start()
  const cookie = `Cookie: space_session=${SESSION}; space_login=x`
  await setting.ask(request('GET /__space/v0/me', HOST, cookie, 'Sec-Fetch-Site: same-origin'))
  expect(setting.platform.heads[0]).toContain('X-Space-Gateway-Principal: user:usr_1\r\n')
  expect(setting.platform.heads[0]).toContain(`${cookie}\r\n`)
})

test.each([
  '/%5f_space/v0/actions',
  '/__space%2fv0/actions',
  '//__space/v0/actions',
  '/api/__space/v0/actions',
  '/api/%5f%5fspace/v0/actions',
  '/__space;/v0/actions',
])('%s reaches neither an app nor the platform', async (path) => {
  await using setting = await start()
  expect(await setting.ask(request(`POST ${path}`, HOST, 'Content-Length: 0'))).toMatch(
    /^HTTP\/1\.1 40[0134] /,
  )
  expect(setting.platform.received).toEqual([])
})

test('a browser that goes to another name of Home is sent to the proper one', async () => {
  await using setting = await start()
  const navigation = ['Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document', 'Accept: text/html']
  expect(await setting.ask(request('GET /settings?a=b', 'localhost:7070', ...navigation))).toMatch(
    /^HTTP\/1\.1 302 Found\r\nLocation: http:\/\/cloud\.test\/settings\?a=b\r\n/,
  )
  expect(setting.platform.received).toEqual([])
  expect(await setting.ask(request('GET /api/v0/status', '127.0.0.1'))).toContain('ok')
  expect(await setting.ask(request('GET /', 'cloud.test', ...navigation))).toContain('ok')
})

test('the platform may set our cookies', async () => {
  const cookie = 'Set-Cookie: space_home=abc; Path=/; HttpOnly'
  await using setting = await start(always(`HTTP/1.1 200 OK\r\n${cookie}\r\nContent-Length: 0\r\n\r\n`))
  expect(await setting.ask(request('POST /api/v0/session', 'cloud.test', 'Content-Length: 0'))).toContain(
    cookie,
  )
})

test('without the platform, Home is unavailable and nothing else', async () => {
  await using gateway = await startTestGateway({ micros: [] })
  using client = await RawClient.connect(gateway.port)
  client.send(request('GET /', 'cloud.test'))
  expect(await client.untilEnd()).toStartWith('HTTP/1.1 503 ')
})

test('a platform that hangs is unavailable: for a request that waits for it, and for the next one', async () => {
  const hang = { isHung: false }
  const silent: Script = () => void (hang.isHung = true)
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'))
  const platformSocket = join(folder, 'home.sock')
  await using platform = await startRawUpstream(silent, platformSocket)
  await using gateway = await startTestGateway({
    platformSocket,
    limits: { sweepMs: 10 },
    isPlatformHung: () => hang.isHung,
    micros: [],
  })
  for (let i = 0; i < 2; i++) {
    using client = await RawClient.connect(gateway.port)
    client.send(request('GET /', 'cloud.test', 'Accept: text/html'))
    const answer = await client.untilEnd()
    expect(answer).toStartWith('HTTP/1.1 503 ')
    expect(answer).toContain('<html')
  }
  expect(platform.heads).toHaveLength(1)
  rmSync(folder, { recursive: true })
})

test('a file that Home streams has its length, and is never longer', async () => {
  const file = (...chunks: string[]) =>
    always(
      `HTTP/1.1 200 OK\r\nX-Space-Data-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n${chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('')}0\r\n\r\n`,
    )
  const ask = async (script: Script) => {
    await using setting = await start(script)
    return await setting.ask(request('GET /api/v0/collections/c/drive/file?name=a', 'cloud.test'))
  }
  const whole = await ask(file('abc', 'def'))
  expect(whole).toContain('\r\nContent-Length: 6\r\n')
  expect(whole).not.toMatch(/chunked|X-Space-Data-Length/i)
  expect(whole).toEndWith('\r\n\r\nabcdef')
  expect(await ask(file('abcdef', 'HTTP/1.1 201 OK'))).not.toContain('201')
})

test('a micro cannot declare a length in the same way', async () => {
  await using micro = await startRawUpstream(
    always(
      'HTTP/1.1 200 OK\r\nX-Space-Data-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n0\r\n\r\n',
    ),
  )
  const gateway = await startTestGateway({
    micros: [{ name: 'web', publicRoutes: ['/*'], upstream: processAt(micro.port) }],
  })
  using client = await RawClient.connect(gateway.port)
  client.send(request('GET /', HOST))
  const answer = await client.untilEnd()
  await gateway.close()
  expect(answer).toContain('abcdef')
  expect(answer).not.toContain('Content-Length: 3')
})
