import { describe, expect, test } from 'bun:test'
import { readResponseHead, type ResponseHead } from './response-head.ts'

const read = (text: string, method = 'GET') => readResponseHead(Buffer.from(text, 'latin1'), method)

function accept(text: string, method?: string): ResponseHead {
  const head = read(text, method)
  if (head.kind !== 'response') throw new Error(`not accepted: ${JSON.stringify(head)}`)
  return head
}

test('a response is read with its status text and fields as they were sent', () => {
  const head = accept(
    'HTTP/1.1 404 Nicht gefunden \xe4!\r\nServer:x\r\nSet-Cookie: a\r\nset-cookie: b\r\n\r\n',
  )
  expect(head).toMatchObject({ status: 404, statusText: '404 Nicht gefunden \xe4!', minorVersion: 1 })
  expect(head.fields.map((field) => field.line)).toEqual(['Server:x', 'Set-Cookie: a', 'set-cookie: b'])
})

test.each(['HTTP/1.1 200\r\n\r\n', 'HTTP/1.1 200 \r\n\r\n'])('the reason may be missing: %j', (text) => {
  expect(accept(text).status).toBe(200)
})

test.each([
  ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', 'GET', { kind: 'length', length: 5 }, true],
  [
    'a padded length',
    'HTTP/1.1 200 OK\r\nContent-Length: 05\r\n\r\n',
    'GET',
    { kind: 'length', length: 5 },
    true,
  ],
  ['no body', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', 'GET', { kind: 'none' }, true],
  ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', 'GET', { kind: 'chunked' }, true],
  ['until close', 'HTTP/1.1 200 OK\r\n\r\n', 'GET', { kind: 'until-close' }, false],
  ['HEAD with a length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', 'HEAD', { kind: 'none' }, true],
  [
    'HEAD with chunks',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
    'HEAD',
    { kind: 'none' },
    true,
  ],
  ['204', 'HTTP/1.1 204 No Content\r\n\r\n', 'GET', { kind: 'none' }, true],
  [
    '304 with a length',
    'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n',
    'GET',
    { kind: 'none' },
    true,
  ],
  ['103', 'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n', 'GET', { kind: 'none' }, true],
  [
    'close',
    'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\n',
    'GET',
    { kind: 'length', length: 5 },
    false,
  ],
  [
    'HTTP/1.0',
    'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\n',
    'GET',
    { kind: 'length', length: 5 },
    false,
  ],
])('framing and reuse: %s', (_name, text, method, framing, keepAlive) => {
  expect(accept(text, method)).toMatchObject({ framing, keepAlive })
})

describe('a malformed response is refused', () => {
  const field = (line: string) => `HTTP/1.1 200 OK\r\n${line}\r\n\r\n`
  test.each([
    ['another protocol', 'SSH-2.0-OpenSSH\r\n\r\n'],
    ['HTTP/2', 'HTTP/2 200\r\n\r\n'],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
    ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n'],
    ['a status below 100', 'HTTP/1.1 099 OK\r\n\r\n'],
    ['a control in the reason', 'HTTP/1.1 200 O\0K\r\n\r\n'],
    ['a bare LF', 'HTTP/1.1 200 OK\nX: y\r\n\r\n'],
    ['a folded line', field('X: y\r\n z')],
    ['a blank before the colon', field('X : y')],
    ['both framings', field('Content-Length: 5\r\nTransfer-Encoding: chunked')],
    ['two lengths', field('Content-Length: 5\r\nContent-Length: 5')],
    ['chunks in HTTP/1.0', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['an odd length', field('Content-Length: 5a')],
    ['an unknown coding', field('Transfer-Encoding: gzip')],
  ])('%s', (_name, text) => {
    expect(read(text).kind).toBe('parse-error')
    // Whatever the method: a head that contradicts itself may be read differently by someone else.
    expect(read(text, 'HEAD').kind).toBe('parse-error')
  })
})

test.each([
  ['Content-Length: 0', true],
  ['X: y', true],
  ['Content-Length: 5', false],
  ['Transfer-Encoding: chunked', false],
])('a 204 with %s may be followed by another response: %p', (line, keepAlive) => {
  expect(read(`HTTP/1.1 204 No Content\r\n${line}\r\n\r\n`)).toMatchObject({
    framing: { kind: 'none' },
    keepAlive,
  })
})

test('every part of a head is incomplete and none is refused', () => {
  const text = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX:\ty \r\n\r\n'
  for (let length = 0; length < text.length; length++)
    expect({ length, kind: read(text.slice(0, length)).kind }).toEqual({ length, kind: 'incomplete' })
})

test.each(['hello', 'SSH-2.0', '\x15\x03\x03\x00\x02\x02', '\x00\x00\x12\x04', 'http/1.1 200', 'HTTP/2'])(
  'another protocol is refused with its first octets: %j',
  (text) => {
    expect(read(text)).toMatchObject({ kind: 'parse-error', reason: 'invalid status line' })
  },
)
