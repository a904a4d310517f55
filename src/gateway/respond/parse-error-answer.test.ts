import { describe, expect, test } from 'bun:test'
import { WIRE_LIMITS, type ParseError } from '../../wire/index.ts'
import type { Timeout } from '../client/client-events.ts'
import { parseErrorAnswer, looksLikeBrowser } from './parse-error-answer.ts'
import { requestHead, startOpenApp } from '../testing/open-app.ts'

const octets = (text: string): Buffer => Buffer.from(text, 'latin1')
const LINE = 'GET / HTTP/1.1\r\nHost: a.test\r\n'
const ACCEPT = 'Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n'

describe('a browser is known by its Accept line', () => {
  test.each([
    ['in a whole head', `${LINE}${ACCEPT}\r\n`, true],
    ['in a head that is cut off', `${LINE}${ACCEPT}Cookie: a=${'x'.repeat(40_000)}`, true],
    ['behind large cookies', `${LINE}Cookie: a=${'x'.repeat(30_000)}\r\n${ACCEPT}`, true],
    ['in lower case, without a blank', `${LINE}accept:text/html\r\n`, true],
    ['in a head with bare LF', `${LINE.replaceAll('\r', '')}Accept: text/html\n\n`, true],
    ['behind an empty line', `\r\n${LINE}${ACCEPT}`, true],
    ['that takes anything', `${LINE}Accept: */*\r\n\r\n`, false],
    ['that takes all but HTML', `${LINE}Accept: text/html;q=0, */*\r\n\r\n`, false],
    ['that is the first of two', `${LINE}Accept: */*\r\n${ACCEPT}\r\n`, false],
    ['of another name', `${LINE}X-Accept: text/html\r\nAccept-Language: text/html\r\n\r\n`, false],
    ['in a body', `${LINE}\r\n${ACCEPT}`, false],
    ['in the request line', `GET /?Accept: text/html`, false],
    [
      'beyond any head that is read',
      `${LINE}X: ${'x'.repeat(WIRE_LIMITS.requestHeadBytes)}\r\n${ACCEPT}`,
      false,
    ],
    ['that is not there', LINE, false],
    ['of TLS', '\x16\x03\x01\x02\x00\x01\x00\n\x00\n', false],
    ['of nothing', '', false],
  ])('%s', (_name, text, isBrowser) => {
    expect(looksLikeBrowser(octets(text))).toBe(isBrowser)
  })
})

const answerTo = (error: ParseError | Timeout, came: Buffer, ...cookieNames: readonly string[]) =>
  parseErrorAnswer(error, { requestId: 'req_1', octets: came, cookieNames }, { scheme: 'http' })

const ERRORS: readonly (readonly [ParseError | Timeout, error: string])[] = [
  [{ kind: 'parse-error', status: 400, reason: 'invalid Host' }, 'Bad Request'],
  [{ kind: 'parse-error', status: 405, reason: 'CONNECT is not served here' }, 'Method Not Allowed'],
  [{ kind: 'timeout', status: 408, reason: 'request head took too long' }, 'Request Timeout'],
  [{ kind: 'parse-error', status: 414, reason: 'request target too long' }, 'URI Too Long'],
  [
    { kind: 'parse-error', status: 431, reason: 'header section too large' },
    'Request Header Fields Too Large',
  ],
  [{ kind: 'parse-error', status: 431, reason: 'too many header fields' }, 'Request Header Fields Too Large'],
  [{ kind: 'parse-error', status: 505, reason: 'unsupported version' }, 'HTTP Version Not Supported'],
]

test.each(ERRORS)('%j has its own text, for programs and for browsers', (error, title) => {
  const body = (format: Buffer) => {
    const answer = answerTo(error, format)
    expect(answer.status).toBe(error.status)
    return answer.body.kind === 'bytes' ? new TextDecoder().decode(answer.body.bytes) : ''
  }
  expect(JSON.parse(body(octets('')))).toMatchObject({ errors: [title], request_id: 'req_1' })
  expect(body(octets(LINE + ACCEPT))).toContain(`<span>${error.status} ${title}</span>`)
})

test('the answer repeats no octet of the request', () => {
  const [error] = ERRORS[4]!
  const hostile = octets(
    `GET /<script>alert(1)</script> HTTP/1.1\r\n${ACCEPT}Cookie: <script>alert(1)</script>`,
  )
  expect(answerTo(error, hostile)).toEqual(answerTo(error, octets(LINE + ACCEPT)))
})

test('a browser is shown a page even for a request that cannot be read', async () => {
  await using app = await startOpenApp()
  const crumbs = `Cookie: ${'a=b; '.repeat(8_000)}`
  app.client.send(requestHead('GET /', 'Accept: text/html,application/xhtml+xml', crumbs))
  const answer = await app.client.untilEnd()
  expect(answer).toStartWith('HTTP/1.1 431 ')
  expect(answer).toContain('Content-Type: text/html')
})
