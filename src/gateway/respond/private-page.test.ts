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
): Promise<string> {
  await using upstream = await startRawUpstream(async ({ socket }) => {
    for (const piece of pieces) {
      await new Promise((isWritten) => socket.write(Buffer.from(piece, 'latin1'), isWritten))
      await nextTurn()
    }
    socket.end()
  })
  await using gateway = await startTestGateway({
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
