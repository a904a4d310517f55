/** ATTACKS G: ambiguous HTTP and messages that never end, on both sides of the gateway. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createRandom } from '../../src/access/testing/random.ts'
import {
  answering,
  head,
  type Lab,
  startLab,
  statusesOf,
  forgetEarlierRequests,
} from './support/attack-harness.ts'

let lab: Lab
beforeAll(async () => void (lab = await startLab()))
afterAll(async () => await lab?.[Symbol.asyncDispose]())
forgetEarlierRequests(() => lab)

const host = () => `Host: ${lab.host}`
const SMUGGLED = 'GET /smuggled HTTP/1.1\r\n'
const smuggled = () => head('GET /smuggled HTTP/1.1', host())
const post = (fields: readonly string[], body: string) =>
  head('POST /public/x HTTP/1.1', host(), ...fields) + body

/** First lines of what reached the app. */
const firstLines = async () => (await lab.received()).map((raw) => raw.split(' HTTP')[0])

describe('an ambiguous message is forwarded to no app', () => {
  test.each([
    ['both lengths', ['Content-Length: 6', 'Transfer-Encoding: chunked']],
    ['both lengths the other way round', ['Transfer-Encoding: chunked', 'Content-Length: 6']],
    [
      'both, one named by Connection',
      ['Connection: Content-Length', 'Content-Length: 6', 'Transfer-Encoding: chunked'],
    ],
    ['two codings', ['Transfer-Encoding: gzip, chunked']],
    ['identity', ['Transfer-Encoding: identity']],
    ['a coding twice', ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked']],
    ['a coding with a parameter', ['Transfer-Encoding: chunked;q=1']],
    ['a quoted coding', ['Transfer-Encoding: "chunked"']],
    ['a coding behind a vertical tab', ['Transfer-Encoding: \x0bchunked']],
    ['a length twice', ['Content-Length: 0', 'Content-Length: 0']],
    ['a length list', ['Content-Length: 5, 5']],
    ['a signed length', ['Content-Length: +5']],
    ['a negative length', ['Content-Length: -1']],
    ['a hexadecimal length', ['Content-Length: 0x5']],
    ['an endless length', ['Content-Length: 99999999999999999999']],
    ['an empty length', ['Content-Length:']],
    ['a blank before the colon', ['Content-Length : 5']],
    ['a folded line', ['X: 1', ' Transfer-Encoding: chunked']],
    ['a line that begins with a tab', ['X: 1', '\tContent-Length: 5']],
    ['a bare LF', ['X: 1\nTransfer-Encoding: chunked']],
    ['a bare CR', ['X: 1\rTransfer-Encoding: chunked']],
    ['a NUL', ['X: 1\0Transfer-Encoding: chunked']],
    ['no colon', ['Transfer-Encoding chunked']],
    ['no name', [': chunked']],
    ['a name beyond ASCII', ['Transfer-Encod\xefng: chunked']],
    ['201 fields', Array.from({ length: 201 }, (_, i) => `A${i}: 1`)],
    ['a head of 40 kB', [`X: ${'x'.repeat(40_000)}`]],
  ])('%s', async (_, fields) => {
    const answer = await lab.send(post(fields, `0\r\n\r\n${smuggled()}`))
    expect(statusesOf(answer)).toHaveLength(1)
    expect([400, 431]).toContain(statusesOf(answer)[0]!)
    expect(await lab.received()).toEqual([])
  })

  test.each([
    'GET /public/x',
    'GET /public/x HTTP/0.9',
    'GET /public/x HTTP/1.2',
    'GET /public/x HTTP/2.0',
    'GET /public/x http/1.1',
    'GET  /public/x HTTP/1.1',
    'GET\t/public/x HTTP/1.1',
    'GET /public/x  HTTP/1.1',
    'GET /public/x HTTP/1.1 ',
    'GET /public/a b HTTP/1.1',
    'get /public/x HTTP/1.1',
    'GE\0T /public/x HTTP/1.1',
    'CONNECT /public/x HTTP/1.1',
    ' GET /public/x HTTP/1.1',
    'PRI * HTTP/2.0',
  ])('the request line %p', async (line) => {
    const answer = await lab.send(head(line, host()))
    expect(statusesOf(answer)).toHaveLength(1)
    expect([400, 405, 505]).toContain(statusesOf(answer)[0]!)
    expect(await lab.received()).toEqual([])
  })

  test.each([
    ['a size that overflows', 'fffffffffffffffff\r\nx'],
    ['a negative size', '-1\r\nx\r\n'],
    ['a size with a prefix', '0x1\r\nx\r\n0\r\n\r\n'],
    ['a bare LF behind the size', '1\nx\r\n0\r\n\r\n'],
    ['a bare LF in an extension', '1;a=\n\r\nx\r\n0\r\n\r\n'],
    ['a chunk longer than its size', `1\r\nx${SMUGGLED}`],
    ['a folded trailer', '0\r\nX: 1\r\n y\r\n\r\n'],
    ['an endless extension', `1;${'x'.repeat(5_000)}\r\nx\r\n0\r\n\r\n`],
  ])('chunks with %s never become a request', async (_, body) => {
    await lab.send(post(['Transfer-Encoding: chunked'], body))
    expect((await lab.received()).join()).not.toContain('smuggled')
  })
})

describe('each pipelined request is decided separately', () => {
  test('a private one behind a public one', async () => {
    const requests = ['/public/1', '/admin', '/public/2', '/api/notes', '/api/hook']
    const text = requests.map((target) => head(`GET ${target} HTTP/1.1`, host())).join('')
    const answers = await lab.send(text + head('GET /admin/last HTTP/1.1', host(), 'Connection: close'))
    expect(statusesOf(answers)).toEqual([200, 401, 200, 401, 200, 401])
    expect((await firstLines()).sort()).toEqual(['GET /hook', 'GET /public/1', 'GET /public/2'])
  })

  test('one behind a body that is not read, and behind one of a private path', async () => {
    const body = `${smuggled()}${smuggled()}`
    const length = `Content-Length: ${body.length}`
    for (const method of ['POST', 'GET', 'HEAD', 'OPTIONS', 'DELETE', 'QUERY']) {
      for (const target of [
        '/public/x',
        '/admin',
        '/none/../x',
        '/__space/auth/callback',
        '/__space/nothing',
      ]) {
        const text = head(`${method} ${target} HTTP/1.1`, host(), length) + body
        await lab.send(text + head('GET /admin/last HTTP/1.1', host(), 'Connection: close'))
      }
    }
    const lines = await firstLines()
    expect(lines.filter((line) => !line!.endsWith(' /public/x'))).toEqual([])
    expect(lines).toHaveLength(6)
  })

  test('one behind an upgrade that the app refused, and behind one that was no upgrade', async () => {
    for (const [target, fields, expected] of [
      ['/public/x?refuse', ['Connection: Upgrade', 'Upgrade: websocket'], [200, 401]],
      [
        '/public/x?refuse',
        ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AA'],
        [200, 401],
      ],
      ['/public/x?refuse', ['Connection: Upgrade', 'Upgrade: websocket, h2c'], [200, 401]],
      ['/public/x?refuse', ['Connection: Upgrade', 'Upgrade: HTTP/2.0'], [200, 401]],
      ['/public/x', ['Upgrade: websocket'], [200, 401]],
      ['/admin', ['Connection: Upgrade', 'Upgrade: websocket'], [401, 401]],
    ] as const) {
      const text = head(`GET ${target} HTTP/1.1`, host(), ...fields)
      const answers = await lab.send(text + head('GET /admin HTTP/1.1', host(), 'Connection: close'))
      expect([fields, statusesOf(answers)]).toEqual([fields, [...expected]])
    }
    const requests = await lab.received()
    expect(requests.filter((raw) => raw.startsWith('GET /admin'))).toEqual([])
    expect(requests.join()).not.toMatch(/h2c|HTTP\/2\.0|http2-settings/i)
  })

  test('an upgrade with a body is not an upgrade', async () => {
    const fields = ['Connection: Upgrade', 'Upgrade: websocket', 'Content-Length: 5']
    const answers = await lab.send(
      post(fields, 'hello') + head('GET /admin HTTP/1.1', host(), 'Connection: close'),
    )
    expect(statusesOf(answers)).toEqual([200, 401])
    expect((await lab.received()).join()).not.toMatch(/^upgrade:/im)
  })
})

describe('trailers', () => {
  test('are filtered: those for framing, routing or identity do not reach the app', async () => {
    const trailers = [
      'Cookie: space_session=x',
      'Set-Cookie: a=1',
      'X-Space-Principal: app',
      'X_Space_Principal: app',
      'X-Space-Identity: v1.x.y',
      'X-Space-App-Key: x',
      'X-Forwarded-For: 1',
      'X_Forwarded_Host: evil.test',
      'Forwarded: for=1',
      'Authorization: x',
      'X-API-Key: y',
      'X-HTTP-Method-Override: DELETE',
      'Host: evil.test',
      'Content-Length: 5',
      'Transfer-Encoding: chunked',
      'Connection: close',
      'Upgrade: websocket',
      'X-Kept: 1',
    ]
    const fields = ['Transfer-Encoding: chunked', 'Trailer: Cookie', 'Connection: close']
    await lab.send(post(fields, `1\r\nx\r\n0\r\n${head(...trailers)}`))
    const [raw = '', ...others] = await lab.received()
    expect([raw.slice(raw.indexOf('\r\n\r\n')), others]).toEqual([
      '\r\n\r\n1\r\nx\r\n0\r\nX-Kept: 1\r\n\r\n',
      [],
    ])
  })

  test('give no access', async () => {
    const line = `POST /admin HTTP/1.1`
    for (const credential of [`Cookie: ${lab.cookie}`, `X-API-Key: ${lab.internalKey}`]) {
      const fields = [host(), 'Transfer-Encoding: chunked', 'Connection: close']
      const answers = await lab.send(`${head(line, ...fields)}1\r\nx\r\n0\r\n${head(credential)}`)
      expect([credential.split(':')[0], statusesOf(answers)]).toEqual([credential.split(':')[0], [401]])
    }
    expect(await lab.received()).toEqual([])
  })
})

describe('the platform behind its one socket is never made to answer one request for another', () => {
  const LATER = 12

  test.each([
    [
      'trailers',
      ['Transfer-Encoding: chunked'],
      '2\r\n{}\r\n0\r\nX-Kept: 1\r\nGET: /smuggled HTTP/1.1\r\n\r\n',
    ],
    ['a request in the body', ['Content-Length: 26'], `${SMUGGLED}\r\n`],
    ['a request in a chunk', ['Transfer-Encoding: chunked'], `1a\r\n${SMUGGLED}\r\n\r\n0\r\n\r\n`],
    ['a body that never comes', ['Content-Length: 10'], ''],
    ['half a body', ['Content-Length: 10'], '{"na'],
    ['a chunk that never ends', ['Transfer-Encoding: chunked'], 'ffff\r\n{'],
    ['a coding that breaks off', ['Transfer-Encoding: chunked'], '2\r\n{}\r\nzz'],
    ['an expectation', ['Expect: 100-continue', 'Content-Length: 2'], '{}'],
    ['an upgrade', ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: x'], ''],
    ['many fields', Array.from({ length: 190 }, (_, i) => `A${i}: 1`), ''],
    ['a long head', [`X: ${'x'.repeat(30_000)}`], ''],
  ])('%s', async (_, fields, body) => {
    for (const line of [
      'POST /api/v0/session',
      'GET /api/v0/time',
      'HEAD /api/v0/time',
      'DELETE /api/v0/session',
      'OPTIONS /api/v0/apps',
      'PATCH /api/v0/none',
      'BREW /api/v0/time',
    ]) {
      using client = await lab.connect()
      client.send(
        head(`${line} HTTP/1.1`, `Host: ${lab.homeHost}`, 'Content-Type: application/json', ...fields) + body,
      )
      client.socket.end()
      const later = Array.from({ length: LATER }, () => lab.server.request(lab.homeHost, '/api/v0/time'))
      for (const answer of await Promise.all(later)) {
        expect([line, answer.status]).toEqual([line, 200])
        expect(await answer.text()).toMatch(/^\d{10}$/)
      }
    }
  })
})

test('nor by hundreds of random requests', async () => {
  const random = createRandom(3)
  const pick = (texts: readonly string[]) => texts[random.int(texts.length)]!
  const hostile = () => {
    const body = pick(['', '{}', `${SMUGGLED}\r\n`, 'x'.repeat(random.int(9_000)), '0\r\n\r\n'])
    const [framing, text] = [
      ['X: 1', ''],
      [`Content-Length: ${body.length}`, body],
      [`Content-Length: ${body.length + 5}`, body],
      ['Transfer-Encoding: chunked', `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`],
      ['Transfer-Encoding: chunked', '0\r\nX: 1\r\n\r\n'],
    ][random.int(5)]!
    const [target, name] = [
      ['/api/v0/session', lab.homeHost],
      ['/api/v0/time', lab.homeHost],
      ['/auth/handoff', lab.homeHost],
      ['/', lab.homeHost],
      ['/__space/auth/callback?code=x', lab.host],
      ['/__space/v0/base/x', lab.host],
    ][random.int(6)]!
    const method = pick(['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS', 'PUT', 'PROPFIND'])
    return (
      head(`${method} ${target} HTTP/1.1`, `Host: ${name}`, 'Content-Type: application/json', framing!) + text
    )
  }
  for (let round = 0; round < 40; round++) {
    const clients = await Promise.all(Array.from({ length: 6 }, () => lab.connect()))
    for (const client of clients) client.send(hostile() + hostile() + hostile())
    const later = Array.from({ length: 10 }, () => lab.server.request(lab.homeHost, '/api/v0/time'))
    for (const answer of await Promise.all(later)) expect(await answer.text()).toMatch(/^\d{10}$/)
    for (const client of clients) client[Symbol.dispose]()
  }
})

describe('an app that answers badly harms only its own answer', () => {
  const ask = (bytes: string, then: 'keep' | 'close' = 'close') =>
    lab.get(answering('/public/x', bytes, then))
  const OK = 'HTTP/1.1 200 OK\r\n'
  const INJECTED = 'HTTP/1.1 200 OK\r\nSet-Cookie: space_home=forged\r\nContent-Length: 6\r\n\r\nforged'

  test.each([
    ['a bare LF in a value', `${OK}X: a\nSet-Cookie: space_session=forged\r\n\r\n`],
    ['a bare CR in a value', `${OK}X: a\rSet-Cookie: space_session=forged\r\n\r\n`],
    ['a folded Set-Cookie', `${OK}X: a\r\n Set-Cookie: space_session=forged\r\nContent-Length: 0\r\n\r\n`],
    ['a NUL', `${OK}X: a\0forged\r\n\r\n`],
    ['a blank before the colon', `${OK}Set-Cookie : space_session=forged\r\n\r\n`],
    ['both lengths', `${OK}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${INJECTED}`],
    ['two lengths', `${OK}Content-Length: 0\r\nContent-Length: 6\r\n\r\nforged`],
    ['two codings', `${OK}Transfer-Encoding: gzip, chunked\r\n\r\n6\r\nforged\r\n0\r\n\r\n`],
    ['no HTTP', 'forged\r\n\r\n'],
    ['HTTP/0.9', 'HTTP/0.9 200 OK\r\n\r\nforged'],
    ['HTTP/2', 'HTTP/2 200\r\n\r\nforged'],
    ['a status that is none', 'HTTP/1.1 099 OK\r\nX: forged\r\n\r\n'],
    ['a CR in its reason', 'HTTP/1.1 200 O\rK\r\nX: forged\r\n\r\n'],
    [
      'an upgrade that was not requested',
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n${INJECTED}`,
    ],
    ['a hundred interim answers', `${'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(100)}${INJECTED}`],
    ['600 fields', `${OK}${'X: forged\r\n'.repeat(600)}\r\n`],
    ['nothing', ''],
    ['half a head', `${OK}X: for`],
  ])('%s is a bad gateway', async (_, bytes) => {
    const answer = await ask(bytes)
    expect(statusesOf(answer).at(-1)).toBe(502)
    expect(answer).not.toContain('forged')
  })

  test('a head that never ends is a bad gateway', async () => {
    const answer = await lab.get('/public/x?endless')
    expect([statusesOf(answer), answer.includes('forged')]).toEqual([[502], false])
  })

  test('a length that is too long is a cut, and one that is too short ends where it says', async () => {
    using long = await lab.connect()
    long.send(
      head(`GET ${answering('/public/x', `${OK}Content-Length: 9\r\n\r\nshort`, 'close')} HTTP/1.1`, host()),
    )
    await long.until(({ isClosed }) => isClosed)
    expect(long.received).toEndWith('short')
    const answer = await ask(`${OK}Content-Length: 2\r\n\r\nok${INJECTED}`, 'keep')
    expect(statusesOf(answer)).toEqual([200])
    expect(answer).not.toContain('forged')
  })

  test('bytes after an answer are not sent to the next client', async () => {
    for (const bytes of [
      `${OK}Content-Length: 0\r\n\r\n${INJECTED}`,
      `HTTP/1.1 204 No Content\r\nContent-Length: 6\r\n\r\n${INJECTED}`,
      `HTTP/1.1 304 Not Modified\r\n\r\n${INJECTED}`,
      `${OK}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${INJECTED}`,
    ]) {
      await ask(bytes, 'keep')
      for (let i = 0; i < 5; i++) expect(await lab.get('/public/next')).toContain('secret of web')
    }
    using client = await lab.connect()
    client.send(head(`HEAD ${answering('/public/x', INJECTED)} HTTP/1.1`, host(), 'Connection: close'))
    expect(await client.untilEnd()).not.toContain('forged')
    expect(await lab.get('/public/next')).toContain('secret of web')
  })

  test('the gateway still works', async () => {
    expect(statusesOf(await lab.get('/public/x'))).toEqual([200])
    expect(statusesOf(await lab.get('/admin'))).toEqual([401])
    expect(lab.server.output()).not.toMatch(/error +gateway/)
    await lab.received()
  })
})

test('slow readers never see a byte of one another’s answers', async () => {
  const clients = await Promise.all(
    Array.from({ length: 8 }, async (_, i) => {
      const letter = String.fromCharCode(97 + i)
      const client = await lab.connect()
      client.socket.pause()
      const fields = Array.from({ length: 5 }, (_, n) => `X-${n}: ${letter.repeat(1_000)}`)
      const bytes = head('HTTP/1.1 200 OK', ...fields, 'Content-Length: 1000') + letter.repeat(1_000)
      const request = head(`GET ${answering('/public/x', bytes)} HTTP/1.1`, host())
      client.send(request.repeat(120) + head('GET /admin HTTP/1.1', host(), 'Connection: close'))
      return { letter, client }
    }),
  )
  expect(statusesOf(await lab.get('/public/x'))).toEqual([200])
  for (const { client } of clients) client.socket.resume()
  for (const { letter, client } of clients) {
    const text = await client.untilEnd()
    expect(statusesOf(text)).toEqual([...Array(120).fill(200), 401])
    const bodies = text.split('HTTP/1.1 401')[0]!.match(/[a-h]{200,}/g) ?? []
    expect(bodies.filter((body) => body !== letter.repeat(1_000))).toEqual([])
    expect(bodies).toHaveLength(120 * 6)
    client[Symbol.dispose]()
  }
})
