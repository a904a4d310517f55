import { describe, expect, test } from 'bun:test'
import { posix } from 'node:path'
import { isPlainPath } from './canonical-path.ts'
import { canonicalPath } from '../index.ts'
import { randomTarget } from '../testing/path-grammar.ts'
import { createRandom } from '../testing/random.ts'

const kindOf = (target: string): string => {
  const reading = canonicalPath(target)
  if (reading.kind === 'malformed') return 'malformed'
  return reading.isPlain ? 'plain' : 'ambiguous'
}

describe('plain paths, which every server reads alike', () => {
  test.each([
    '/',
    '/public/a',
    '/a/b/c/',
    '/index.html',
    '/.well-known/acme-challenge/x',
    '/a.b/..c/d../e.f.g',
    '/a..b',
    '/a./b',
    '/~user/file-1_2.txt',
    "/a!$&'()*+,=:@b",
    '/files/[id]/x|y^z',
    '/my%20file.pdf',
    '/caf%C3%A9',
    '/caf%c3%a9',
    '/%F0%9F%98%80',
    '/cafe%CC%81',
    '/100%2B1%21%27%28%29%2A%2C%3A%40%5B%5D',
    '/%22%3C%3E%60%7B%7D%7C%5E',
  ])('%s', (target) => {
    expect(canonicalPath(target)).toEqual({ kind: 'path', path: target, query: '', isPlain: true })
  })
})

describe('ambiguous paths, which are never public and pass unchanged', () => {
  test.each([
    ['encoded slash', '/public%2fadmin'],
    ['encoded backslash', '/public%5cadmin'],
    ['raw backslash', '/public\\admin'],
    ['encoded percent sign', '/%2561dmin'],
    ['doubly encoded dot segment', '/public/%252e%252e/admin'],
    ['path parameter', '/admin;x=1'],
    ['encoded semicolon', '/admin%3bx=1'],
    ['empty segment at the start', '//admin'],
    ['empty segment in the middle', '/public//admin'],
    ['empty segments at the end', '/admin//'],
    ['NUL', '/admin%00.css'],
    ['line end', '/admin%0d%0aX:1'],
    ['tab', '/ad%09min'],
    ['delete', '/admin%7f'],
    ['encoded question mark', '/admin%3fx'],
    ['encoded hash', '/admin%23x'],
    ['encoded letter', '/%61dmin'],
    ['encoded capital', '/%41dmin'],
    ['encoded digit', '/a%31'],
    ['encoded unreserved mark', '/a%2db%5fc%7e'],
    ['encoded dot in a name', '/index%2ehtml'],
    ['invalid UTF-8', '/%ff'],
    ['overlong slash', '/public/..%c0%afadmin'],
    ['overlong dots', '/public/%c0%ae%c0%ae/admin'],
    ['surrogate half', '/%ed%a0%80'],
    ['UTF-8 cut off', '/%c3'],
    ['raw byte beyond ASCII', '/caf\xc3\xa9'],
    ['two-dot leader', '/public/%E2%80%A5/admin'],
    ['full-width slash', '/public%EF%BC%8Fadmin'],
    ['full-width backslash', '/public%EF%BC%BCadmin'],
    ['full-width dots', '/public/%EF%BC%8E%EF%BC%8E/admin'],
    ['full-width percent sign', '/%EF%BC%8561'],
    ['Greek question mark', '/admin%CD%BEx'],
    ['no-break space', '/admin%C2%A0'],
    ['next line', '/admin%C2%85'],
    ['line separator', '/admin%E2%80%A8'],
    ['blank at the end of a segment', '/admin%20'],
    ['blank at the start of a segment', '/%20admin'],
    ['only dots', '/public/.../admin'],
    ['raw quotes and braces', '/"<>{}`'],
  ])('%s', (_, target) => {
    const reading = canonicalPath(target)
    expect(reading).toMatchObject({ kind: 'path', path: target, query: '', isPlain: false })
    expect(reading.kind === 'path' && reading.why).toBeTruthy()
  })
})

describe('malformed targets', () => {
  test.each([
    ['nothing', ''],
    ['no slash', 'admin'],
    ['absolute form', 'http://internal/admin'],
    ['opaque target', 'http:http://internal/admin'],
    ['asterisk', '*'],
    ['dot segment', '/public/../admin'],
    ['dot segment at the end', '/public/..'],
    ['single dot', '/./admin'],
    ['single dot at the end', '/admin/.'],
    ['encoded dots', '/public/%2e%2e/admin'],
    ['half encoded dots', '/public/.%2e/admin'],
    ['encoded dots, capital', '/public/%2E./admin'],
    ['dots before an encoded slash', '/public/..%2fadmin'],
    ['dots between encoded slashes', '/public%2f..%2fadmin'],
    ['everything encoded', '/public/%2e%2e%2fadmin'],
    ['dots before an encoded backslash', '/public/..%5cadmin'],
    ['dots between backslashes', '/public\\..\\admin'],
    ['dots and a path parameter', '/public/..;/admin'],
    ['dots and a value', '/public/..;x=1/admin'],
    ['dots and an encoded semicolon', '/public/..%3b/admin'],
    ['dots and a blank', '/public/..%20/admin'],
    ['dots after a blank', '/public/%20../admin'],
    ['dots and NUL', '/public/..%00/admin'],
    ['dots and a tab', '/public/..%09/admin'],
    ['dots and an encoded question mark', '/public/..%3f/admin'],
    ['percent sign at the end', '/%'],
    ['one digit', '/%2'],
    ['no digits', '/%zz'],
    ['Microsoft encoding', '/%u0061dmin'],
    ['raw control character', '/a\x01b'],
    ['raw NUL', '/a\0b'],
    ['raw blank', '/a b'],
    ['raw delete', '/a\x7fb'],
    ['fragment', '/public/x#/../admin'],
    ['fragment in the query', '/public/x?a#b'],
    ['line end in the query', '/x?a\r\nX: 1'],
    ['character beyond one byte', '/caf\u0117'],
  ])('%s', (_, target) => {
    expect(canonicalPath(target)).toMatchObject({ kind: 'malformed', why: expect.any(String) })
  })
})

test('the query is cut off at the first question mark, and may hold anything else', () => {
  expect(canonicalPath('/docs/secret?x=/../page%2f&y=%zz//?')).toEqual({
    kind: 'path',
    path: '/docs/secret',
    query: '?x=/../page%2f&y=%zz//?',
    isPlain: true,
  })
})

describe('for any target', () => {
  const random = createRandom(20_261_121)
  const targets = Array.from({ length: 50_000 }, () => randomTarget(random))

  test('path and query together are the target, byte for byte', () => {
    for (const target of targets) {
      const reading = canonicalPath(target)
      if (reading.kind === 'path') expect(reading.path + reading.query).toBe(target)
    }
  })

  test('a plain path is read alike by every reader there is', () => {
    const plain = targets
      .map((target) => target.split('?')[0] ?? '')
      .filter((path) => kindOf(path) === 'plain')
    expect(plain.length).toBeGreaterThan(2_000)
    for (const path of plain) for (const read of READERS) expect(read(path)).toBe(decodeURIComponent(path))
  })

  test('the short answer is that of the long one', () => {
    const ofLong = (target: string): boolean => {
      const reading = canonicalPath(target)
      return reading.kind === 'path' && reading.isPlain && reading.query === ''
    }
    for (const target of [...targets, '', '/', '/a?', '/?', '?', 'a', '/\u0100'])
      expect([target, isPlainPath(target)]).toEqual([target, ofLong(target)])
  })

  test('no reader ever finds a way up in what is not malformed, in one decoding', () => {
    for (const target of targets) {
      const reading = canonicalPath(target)
      if (reading.kind !== 'path') continue
      const decoded = Buffer.from(unescapeBytes(reading.path), 'latin1').toString('latin1')
      const segments = decoded
        .replaceAll('\\', '/')
        .split('/')
        .map((segment) => segment.split(';')[0]?.trim())
      expect(segments.filter((segment) => segment === '.' || segment === '..')).toEqual([])
    }
  })
})

/** Ways in which servers come to the text that they route by. On a plain path all come to the same. */
const READERS: ReadonlyArray<(path: string) => string> = [
  (path) => decodeURIComponent(new URL(path, 'http://host').pathname),
  (path) => decodeURIComponent(new URL(`http://host${path}`).pathname),
  (path) => decodeURIComponent(decodeURIComponent(path)),
  (path) => posix.normalize(decodeURIComponent(path)),
  (path) => decodeURIComponent(path).replaceAll('\\', '/'),
  (path) => decodeURIComponent(path).split(/[;?#\0]/)[0] ?? '',
  (path) => decodeURIComponent(path).replace(/\/{2,}/g, '/'),
  (path) =>
    decodeURIComponent(path)
      .split('/')
      .map((segment) => segment.trim())
      .join('/'),
  (path) => Buffer.from(unescapeBytes(path), 'latin1').toString('utf8'),
]

const unescapeBytes = (path: string): string =>
  path.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
