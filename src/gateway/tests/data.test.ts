import { describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RawClient } from '../testing/raw-client.ts'
import { always, atHead, OK, startRawUpstream, type Script } from '../testing/raw-upstream.ts'
import {
  HOST,
  KEY,
  processAt,
  SESSION,
  startTestGateway,
  STRANGERS_SESSION,
} from '../testing/test-gateway.ts'

async function start(script: Script | null = always(OK), scheme: 'http' | 'https' = 'http') {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'))
  const dataSocket = join(folder, 'data.sock')
  const data = script === null ? null : await startRawUpstream(script, dataSocket)
  const app = await startRawUpstream()
  const gateway = await startTestGateway({
    dataSocket,
    scheme,
    micros: [{ name: 'web', publicRoutes: ['/*'], apiKeys: true, upstream: processAt(app.port) }],
  })
  return {
    gateway,
    app,
    heads: () => data?.heads ?? [],
    data,
    async ask(text: string) {
      using client = await RawClient.connect(gateway.port)
      client.send(text)
      return await client.untilEnd()
    },
    async [Symbol.asyncDispose]() {
      await gateway.close()
      await data?.[Symbol.asyncDispose]()
      await app[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true })
    },
  }
}

const request = (line: string, host: string, ...fields: string[]): string =>
  `${line} HTTP/1.1\r\nHost: ${host}\r\n${fields.map((field) => `${field}\r\n`).join('')}Connection: close\r\n\r\n`

const BASE = '/__space/v0/base/v1/dummy/todos/items'
const COOKIE = `Cookie: space_session=${SESSION}`
const ORIGIN = `Origin: http://${HOST}`
const PUT = ['Content-Length: 2', 'Content-Type: application/json'] as const

describe('the data of an app', () => {
  test('is opened by a session of this host, without what the page sent as key', async () => {
    await using setting = await start()
    const answer = await setting.ask(
      request(
        `GET ${BASE}/a%2Fb%25%23/;//c?x=%20`,
        HOST,
        COOKIE,
        'X-API-Key: dummy',
        'Authorization: other_key',
      ),
    )
    expect(answer).toStartWith('HTTP/1.1 200 OK')
    const head = setting.heads()[0]!
    expect(head).toStartWith('GET / HTTP/1.1\r\n')
    expect(head).toContain(
      `X-Space-Gateway-Service: base\r\nX-Space-Gateway-Target: ${BASE}/a%2Fb%25%23/;//c?x=%20\r\nX-Space-Gateway-Collection: notes\r\n`,
    )
    expect(head).not.toMatch(/dummy\r|other_key|cookie|x-api-key|authorization/i)
    expect(setting.gateway.uses).toEqual(['session ses_1'])
  })

  test.each([
    ['nothing', []],
    ['the session of another person', [`Cookie: space_session=${STRANGERS_SESSION}`]],
    ['an unknown session', ['Cookie: space_session=wrong']],
    ['an API key of the app', [`X-Space-App-Key: ${KEY}`]],
    ['the own key of the app', ['X-API-Key: internal-key']],
    ['the own key of the app beside a session', ['X-API-Key: internal-key', COOKIE]],
    ['a data key', ['X-API-Key: notes_secret']],
    [
      'the headers of a gateway',
      ['X-Space-Gateway-Collection: notes', 'X-Space-Gateway-Principal: user:usr_1'],
    ],
    ['a session from a page of a sibling', [COOKIE, 'Origin: http://evil-cd34.cloud.test']],
    ['a session from an unknown page', [COOKIE, 'Origin: null']],
    ['a session from a sibling, by Fetch Metadata', [COOKIE, 'Sec-Fetch-Site: same-site']],
    [
      'a session from a link of another site',
      [COOKIE, 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document'],
    ],
  ] as [string, string[]][])('is not opened by %s, also where everything is public', async (_, fields) => {
    await using setting = await start()
    for (const service of ['base', 'drive']) {
      const path = `/__space/v0/${service}/v1/dummy/todos/items`
      const answer = await setting.ask(request(`GET ${path}`, HOST, 'Accept: text/html', ...fields))
      expect(answer).toStartWith('HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\n')
      expect(answer).toContain('\r\nServer: Deta-Ownspace\r\n')
      expect(answer).toEndWith('{"errors":["Unauthorized"]}')
      expect(answer).not.toContain('Set-Cookie')
    }
    expect(setting.heads()).toEqual([])
    expect(setting.app.heads).toEqual([])
  })

  test.each(['PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS'])(
    'is not changed by %s without the origin of the page',
    async (method) => {
      await using setting = await start()
      for (const origin of [[], ['Origin: http://evil-cd34.cloud.test'], [`Origin: https://${HOST}`]]) {
        const answer = await setting.ask(`${request(`${method} ${BASE}`, HOST, COOKIE, ...PUT, ...origin)}{}`)
        expect(answer).toStartWith('HTTP/1.1 401 ')
      }
      expect(setting.heads()).toEqual([])
      await setting.ask(`${request(`${method} ${BASE}`, HOST, COOKIE, ...PUT, ORIGIN)}{}`)
      expect(setting.heads().length).toBe(1)
    },
  )

  test.each([
    '/__space/v0/base/v2/dummy/todos/items',
    '/__SPACE/v0/base/v1/dummy/todos/items',
    '/__space/v0/%62ase/v1/dummy/todos/items',
    '/__space/v0//base/v1/dummy/todos/items',
    '/x/../__space/v0/base/v1/dummy/todos/items',
  ])('is at its exact path only: %s', async (path) => {
    await using setting = await start()
    await setting.ask(request(`GET ${path}`, HOST, COOKIE))
    expect(setting.heads()).toEqual([])
    expect(setting.app.heads).toEqual([])
  })

  test('is cut off when the session ends', async () => {
    await using setting = await start(
      atHead(({ socket }) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nsome')),
    )
    using client = await RawClient.connect(setting.gateway.port)
    client.send(request(`GET ${BASE}/k`, HOST, COOKIE))
    await client.until(({ received }) => received.endsWith('some'))
    setting.gateway.revoke()
    await client.untilEnd()
    await setting.data!.until(({ openConnections }) => openConnections === 0)
  })
})

test('what was stored can neither run as a page of the app nor set a cookie', async () => {
  const answer =
    'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nSet-Cookie: space_session=x\r\nContent-Security-Policy: script-src *\r\nContent-Length: 2\r\n\r\nok'
  await using setting = await start(always(answer))
  const got = await setting.ask(
    request('GET /__space/v0/drive/v1/d/photos/files/download?name=a', HOST, COOKIE),
  )
  expect(got).not.toContain('Set-Cookie')
  expect(got).not.toContain('script-src')
  expect(got).toContain("Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; sandbox\r\n")
  for (const line of [
    'X-Content-Type-Options: nosniff',
    'Cross-Origin-Resource-Policy: same-origin',
    'Cache-Control: private',
  ])
    expect(got).toContain(`\r\n${line}\r\n`)
})

describe('the length of a stream', () => {
  const stream = (length: string, ...chunks: string[]): Script =>
    always(
      `HTTP/1.1 200 OK\r\nX-Space-Data-Length: ${length}\r\nTransfer-Encoding: chunked\r\n\r\n${chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('')}0\r\n\r\n`,
    )
  const ask = async (script: Script) => {
    await using setting = await start(script)
    return await setting.ask(request(`GET ${BASE}/k`, HOST, COOKIE))
  }

  test('is added again', async () => {
    const got = await ask(stream('6', 'abc', 'def'))
    expect(got).toContain('\r\nContent-Length: 6\r\n')
    expect(got).not.toMatch(/chunked|X-Space-Data-Length/i)
    expect(got).toEndWith('\r\n\r\nabcdef')
  })

  test('is never exceeded: what follows would be read as another answer', async () => {
    expect(await ask(stream('3', 'abc', 'HTTP/1.1 201 OK\r\n\r\n'))).not.toContain('201')
  })

  test('cuts the client when the stream ends sooner', async () => {
    expect(await ask(stream('7', 'abc', 'def'))).not.toContain('HTTP/1.1 200 OK\r\nContent-Length: 6')
  })

  test.each(['', '-1', '1e3', '6, 6', '9999999999999999'])('is left out when it is %j', async (length) => {
    expect(await ask(stream(length, 'abcdef'))).toContain('\r\nTransfer-Encoding: chunked\r\n')
  })
})

describe('data hosts', () => {
  test.each([
    ['database.cloud.test', 'base'],
    ['DATABASE.cloud.test:7070', 'base'],
    ['drive.cloud.test.', 'drive'],
  ])('%s is forwarded with its key, to be judged by the data process', async (host, service) => {
    await using setting = await start()
    await setting.ask(
      request(
        'GET /v1/notes/todos/items/a%2Fb?x=1',
        host,
        'X-API-Key: notes_secret',
        COOKIE,
        'X-Space-Gateway-Collection: notes',
        'X_Space_Gateway_Collection: notes',
        'x-space-gateway-service: drive',
        'X-Space-Data-Service: base',
      ),
    )
    const head = setting.heads()[0]!
    expect(head).toContain('\r\nX-API-Key: notes_secret\r\n')
    expect(head).toContain(
      `X-Space-Gateway-Service: ${service}\r\nX-Space-Gateway-Target: /v1/notes/todos/items/a%2Fb?x=1\r\n`,
    )
    expect(head).not.toMatch(/collection|cookie|space-data/i)
    expect(head.match(/gateway.service/gi)?.length).toBe(1)
  })

  test('never use a session', async () => {
    await using setting = await start()
    await setting.ask(request(`GET ${BASE}`, 'database.cloud.test', COOKIE, 'Sec-Fetch-Site: same-origin'))
    expect(setting.heads()[0]).not.toMatch(/collection|cookie/i)
  })

  test('are not served to apps by the internal listener', async () => {
    await using setting = await start()
    using client = await RawClient.connect(setting.gateway.insidePort!)
    client.send(request('GET /v1/notes/todos/items/k', 'database.cloud.test', 'X-API-Key: notes_secret'))
    expect(await client.untilEnd()).toStartWith('HTTP/1.1 404')
    expect(setting.heads()).toEqual([])
  })
})

describe('a data host at the origin of a page', () => {
  const KEYED = '/__space/v0/keyed/base/v1/notes/todos/items/a%2Fb?x=1'

  test('is forwarded like the data host, with the key and without the session', async () => {
    await using setting = await start()
    for (const fields of [[], ['Origin: http://notes-ab12.cloud.test', 'Sec-Fetch-Site: same-origin']])
      await setting.ask(
        request(
          `GET ${KEYED}`,
          HOST,
          ...fields,
          'X-API-Key: notes_secret',
          COOKIE,
          'X-Space-Gateway-Collection: notes',
          'X_Space_Gateway_Service: drive',
        ),
      )
    expect(setting.heads().length).toBe(2)
    for (const head of setting.heads()) {
      expect(head).toContain('\r\nX-API-Key: notes_secret\r\n')
      expect(head).toContain(
        'X-Space-Gateway-Service: base\r\nX-Space-Gateway-Target: /v1/notes/todos/items/a%2Fb?x=1\r\n',
      )
      expect(head).not.toMatch(/collection|cookie/i)
      expect(head.match(/gateway.service/gi)?.length).toBe(1)
    }
  })

  test.each([
    ['another site', ['Sec-Fetch-Site: cross-site']],
    ['a sibling', ['Origin: http://evil-cd34.cloud.test']],
    ['an unknown page', ['Origin: null']],
  ])('is not served to %s, which has the data host', async (_, fields) => {
    await using setting = await start()
    const answer = await setting.ask(request(`GET ${KEYED}`, HOST, 'X-API-Key: notes_secret', ...fields))
    expect(answer).toStartWith('HTTP/1.1 401 ')
    expect(setting.heads()).toEqual([])
  })

  test.each([
    '/__space/v0/keyed/other/v1/notes/todos/items',
    '/__space/v0/keyed/base/v2/notes/todos/items',
    '/__space/v0/keyed/home/v1/x',
    '/__space/v0//keyed/base/v1/notes/todos/items',
    '/__space/v0/%6beyed/base/v1/notes/todos/items',
  ])('is at its exact path only: %s', async (path) => {
    await using setting = await start()
    await setting.ask(request(`GET ${path}`, HOST, 'X-API-Key: notes_secret', COOKIE))
    expect(setting.heads()).toEqual([])
    expect(setting.app.heads).toEqual([])
  })

  test('is not served to apps by the internal listener', async () => {
    await using setting = await start()
    using client = await RawClient.connect(setting.gateway.insidePort!)
    client.send(request(`GET ${KEYED}`, HOST, 'X-API-Key: notes_secret'))
    expect(await client.untilEnd()).toStartWith('HTTP/1.1 404')
    expect(setting.heads()).toEqual([])
  })
})

describe('the script of the client runtime', () => {
  const path = '/__space/v0/runtime.js'

  test('is served to everyone, and asked for again unless the address has its version', async () => {
    await using setting = await start(null)
    const answer = await setting.ask(request(`GET ${path}`, HOST))
    expect(answer).toStartWith('HTTP/1.1 200 OK\r\nContent-Type: text/javascript; charset=utf-8\r\n')
    expect(answer).toContain('\r\nCache-Control: no-cache\r\n')
    const version = /ETag: "(.*)"/.exec(answer)![1]!
    expect(await setting.ask(request(`GET ${path}?${version}`, HOST))).toContain(
      'max-age=31536000, immutable',
    )
    const again = await setting.ask(request(`GET ${path}?${version}`, HOST, `If-None-Match: "${version}"`))
    expect(again).toStartWith('HTTP/1.1 304 ')
    expect(await setting.ask(request('GET /__space/v0/runtime-no.js', HOST))).toContain('getRegistrations')
  })

  test('cannot be posted to, nor replaced by the app', async () => {
    await using setting = await start()
    await setting.ask(request(`POST ${path}`, HOST, 'Content-Length: 0'))
    expect(setting.app.heads).toEqual([])
  })
})

describe('without the data process', () => {
  test('clients get JSON that says when to retry', async () => {
    await using setting = await start(null)
    for (const text of [
      request(`GET ${BASE}/k`, HOST, COOKIE, 'Accept: text/html'),
      request('GET /v1/notes/todos/items/k', 'database.cloud.test', 'X-API-Key: notes_secret'),
    ]) {
      const answer = await setting.ask(text)
      expect(answer).toStartWith('HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n')
      expect(answer).toContain('\r\nRetry-After: 1\r\n')
      expect(answer).toContain('{"errors":["The data of apps is not available now')
    }
  })

  test('everything else is served', async () => {
    await using setting = await start(null)
    expect(await setting.ask(request('GET /page', HOST))).toStartWith('HTTP/1.1 200 OK')
  })
})
