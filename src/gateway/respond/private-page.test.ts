/** A page that is shown to its owner: its web manifest can be fetched only with the session that the page came with. */
import { describe, expect, test } from 'bun:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { RawClient } from '../testing/raw-client.ts'
import { startRawUpstream } from '../testing/raw-upstream.ts'
import { HOST, KEY, processAt, SESSION, startTestGateway } from '../testing/test-gateway.ts'

const LINK = '<link rel="manifest" href="/m.json">'
const PAGE = `<!doctype html><head>${LINK}</head><body>ä`
const LINKED = PAGE.replace('<link', '<link crossorigin="use-credentials"')
const octets = (text: string): string => Buffer.from(text).toString('latin1')

const OWNER = `Cookie: space_session=${SESSION}`
const NAVIGATION = [
  'Accept: text/html',
  'Sec-Fetch-Mode: navigate',
  'Sec-Fetch-Dest: document',
  'Sec-Fetch-Site: none',
]

/** What comes of these pieces of an answer, sent one after the other. */
async function ask(
  pieces: readonly string[],
  line = 'GET /page',
  fields = [OWNER, ...NAVIGATION],
  addsRuntime = false,
): Promise<string> {
  await using upstream = await startRawUpstream(async ({ socket }) => {
    for (const piece of pieces) {
      await new Promise((isWritten) => socket.write(Buffer.from(piece, 'latin1'), isWritten))
      await nextTurn()
    }
    socket.end()
  })
  await using gateway = await startTestGateway({
    addsRuntime,
    micros: [{ name: 'web', publicRoutes: ['/open'], apiKeys: true, upstream: processAt(upstream.port) }],
  })
  using client = await RawClient.connect(gateway.port)
  client.send([`${line} HTTP/1.1`, `Host: ${HOST}`, ...fields, 'Connection: close', '', ''].join('\r\n'))
  return await client.untilEnd()
}

const html = (body: string, ...fields: readonly string[]): string =>
  [
    'HTTP/1.1 200 OK',
    'Content-Type: text/html; charset=utf-8',
    ...fields,
    `Content-Length: ${octets(body).length}`,
    '',
    octets(body),
  ].join('\r\n')

const bodyOf = (answer: string): string =>
  Buffer.from(answer.slice(answer.indexOf('\r\n\r\n') + 4), 'latin1').toString()

describe('a page of its owner', () => {
  test('is given with credentials on its manifest, and with its new length', async () => {
    const answer = await ask([html(PAGE, 'ETag: "abc"', 'X-Kept: 1')])
    expect(bodyOf(answer)).toBe(LINKED)
    expect(answer.match(/^Content-Length: .*$/gm)).toEqual([`Content-Length: ${octets(LINKED).length}`])
    expect(answer.match(/^ETag: .*$/gm)).toEqual(['ETag: W/"abc"'])
    expect(answer).toContain('X-Kept: 1\r\n')
  })

  test('is so too where its head, its start and its rest come one by one', async () => {
    const whole = html(`${PAGE}${'x'.repeat(1_000)}`)
    const bodyAt = whole.indexOf('\r\n\r\n') + 4
    const answer = await ask([whole.slice(0, bodyAt), whole.slice(bodyAt, -500), whole.slice(-500)])
    expect(bodyOf(answer)).toBe(`${LINKED}${'x'.repeat(1_000)}`)
  })

  test('that is streamed stays a stream', async () => {
    const size = octets(PAGE).length.toString(16)
    const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n'
    const answer = await ask([head, `${size}\r\n${octets(PAGE)}\r\n`, '3\r\nend\r\n0\r\n\r\n'])
    expect(answer).toContain('Transfer-Encoding: chunked\r\n')
    expect(bodyOf(answer)).toContain(LINKED)
    expect(bodyOf(answer)).toEndWith('3\r\nend\r\n0\r\n\r\n')
  })

  test('without a body, and one without a manifest, are as the app sent them', async () => {
    expect(await ask([html('')])).toContain('Content-Length: 0\r\n')
    const answer = await ask([html('<p>hello', 'ETag: "abc"')])
    expect(answer).toContain('ETag: "abc"\r\n')
    expect(bodyOf(answer)).toBe('<p>hello')
  })

  test('that breaks off before its body is a failure, and no half page', async () => {
    const head = html(PAGE).split('\r\n\r\n', 1)[0]!
    expect(await ask([`${head}\r\n\r\n`])).toStartWith('HTTP/1.1 502 ')
  })
})

describe('nothing is changed', () => {
  test.each([
    ['in what is compressed', ['Content-Encoding: gzip']],
    ['in what has a checksum', ['Repr-Digest: sha-256=:x:']],
    ['in what is not to be changed', ['Cache-Control: no-store, no-transform']],
  ])('%s', async (_, fields) => expect(bodyOf(await ask([html(PAGE, ...fields)]))).toBe(PAGE))

  test('in what is no page', async () => {
    const script = html(PAGE).replace('text/html', 'text/javascript')
    expect(bodyOf(await ask([script]))).toBe(PAGE)
    const missing = html(PAGE).replace('200 OK', '404 Not Found')
    expect(bodyOf(await ask([missing]))).toBe(PAGE)
  })

  test.each([
    ['a stranger on a public path', 'GET /open', NAVIGATION],
    ['a key', 'GET /page', [`X-Space-App-Key: ${KEY}`, ...NAVIGATION]],
    [
      'a script of the page',
      'GET /page',
      [OWNER, 'Sec-Fetch-Mode: cors', 'Sec-Fetch-Dest: empty', 'Sec-Fetch-Site: same-origin'],
    ],
    [
      'a form',
      'POST /page',
      [OWNER, ...NAVIGATION.slice(0, 3), 'Sec-Fetch-Site: same-origin', 'Content-Length: 0'],
    ],
  ])('for %s', async (_, line, fields) => {
    expect(bodyOf(await ask([html(PAGE)], line, fields))).toBe(PAGE)
  })
})

describe('the client runtime', () => {
  const RUNTIME = /<script src="\/__space\/v0\/runtime\.js\?[\w-]+"><\/script>/
  const open = (pieces: readonly string[], line = 'GET /page', fields = [OWNER, ...NAVIGATION]) =>
    ask(pieces, line, fields, true)

  test('is loaded first, with the new length, a weak ETag, and no parts', async () => {
    const answer = await open([html(PAGE, 'ETag: "abc"', 'Accept-Ranges: bytes', 'Last-Modified: x')])
    const body = bodyOf(answer)
    expect(body.replace(RUNTIME, '')).toBe(LINKED)
    expect(body).toMatch(/^<!doctype html><head><script src=/)
    expect(answer.match(/^(?:Content-Length|ETag|Accept-Ranges|Last-Modified): .*$/gm)).toEqual([
      'Last-Modified: x',
      `Content-Length: ${octets(body).length}`,
      'Accept-Ranges: none',
      'ETag: W/"abc"',
    ])
  })

  test('does not hold back a stream: its first piece may end with the doctype', async () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n'
    const answer = await open([head, 'f\r\n<!doctype html>\r\n', '6\r\n<head>\r\n', '0\r\n\r\n'])
    const [first, second] = bodyOf(answer)
      .split('\r\n')
      .filter((_, line) => line % 2 === 1)
    expect(first!.replace(RUNTIME, '')).toBe('<!doctype html>')
    expect(second).toBe('<head>')
  })

  test.each([
    ['a policy that lists scripts one by one', [`Content-Security-Policy: script-src 'nonce-a'`]],
    ['a policy that allows none', [`Content-Security-Policy: default-src 'none'`]],
    ['a coding', ['Content-Encoding: br']],
    ['a checksum', ['Repr-Digest: sha-256=:x:']],
    ['a ban on changes', ['Cache-Control: no-transform']],
    ['a part of a page', ['Content-Range: bytes 0-9/100']],
  ])('is not added in spite of %s', async (_, fields) => {
    const plain = PAGE.replace(LINK, '')
    const answer = await open([html(plain, 'ETag: "abc"', ...fields)])
    expect(bodyOf(answer)).toBe(plain)
    for (const line of ['ETag: "abc"', ...fields]) expect(answer).toContain(`${line}\r\n`)
  })

  test('is not added to text, nor to another answer than 200', async () => {
    expect(bodyOf(await open([html('pong')]))).toBe('pong')
    expect(bodyOf(await open([html(PAGE).replace('200 OK', '404 Not Found')]))).toBe(PAGE)
    expect(bodyOf(await open([html(PAGE).replace('text/html', 'application/json')]))).toBe(PAGE)
  })

  test.each([
    ['a stranger', 'GET /open', NAVIGATION],
    ['a key', 'GET /page', [`X-Space-App-Key: ${KEY}`, ...NAVIGATION]],
    [
      'a script of the page',
      'GET /page',
      [OWNER, 'Sec-Fetch-Mode: cors', 'Sec-Fetch-Dest: empty', 'Sec-Fetch-Site: same-origin'],
    ],
  ])('is not added for %s', async (_, line, fields) => {
    expect(bodyOf(await open([html(PAGE)], line, fields))).toBe(PAGE)
  })

  test('is added to a public page of a signed-in user', async () => {
    expect(bodyOf(await open([html(PAGE)], 'GET /open')).replace(RUNTIME, '')).toBe(LINKED)
    expect(bodyOf(await ask([html(PAGE)], 'GET /open'))).toBe(PAGE)
    const planted = ['Cookie: space_session=wrong', ...NAVIGATION]
    expect(bodyOf(await open([html(PAGE)], 'GET /open', planted))).toBe(PAGE)
  })

  test('is not added where the app does not want it', async () => {
    expect(bodyOf(await ask([html(PAGE)]))).toBe(LINKED)
  })
})

describe('the coding of an answer', () => {
  const codings = async (line: string, fields: readonly string[]) => {
    await using upstream = await startRawUpstream(async ({ socket }) => {
      socket.end(html(PAGE))
    })
    await using gateway = await startTestGateway({
      micros: [{ name: 'web', publicRoutes: ['/open'], upstream: processAt(upstream.port) }],
    })
    using client = await RawClient.connect(gateway.port)
    const head = [`${line} HTTP/1.1`, `Host: ${HOST}`, 'Accept-Encoding: gzip, br', ...fields]
    client.send([...head, 'Connection: close', '', ''].join('\r\n'))
    await client.untilEnd()
    return upstream.heads[0]!.match(/^accept-encoding: .*$/gim)
  }

  test('is none where a signed-in user opens a page, so that the page can be changed', async () =>
    expect(await codings('GET /page', [OWNER, ...NAVIGATION])).toEqual(['Accept-Encoding: identity']))

  test.each([
    ['a stranger', 'GET /open', NAVIGATION],
    ['a script of the page', 'GET /page', [OWNER, 'Sec-Fetch-Mode: cors', 'Sec-Fetch-Site: same-origin']],
    [
      'a form',
      'POST /page',
      [OWNER, ...NAVIGATION.slice(0, 3), 'Sec-Fetch-Site: same-origin', 'Content-Length: 0'],
    ],
  ])('is what the browser accepts for %s', async (_, line, fields) =>
    expect(await codings(line, fields)).toEqual(['Accept-Encoding: gzip, br']),
  )
})
