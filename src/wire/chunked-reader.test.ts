import { describe, expect, test } from 'bun:test'
import { ChunkedReader } from './chunked-reader.ts'
import { WIRE_LIMITS } from './limits.ts'

interface Read {
  readonly kind: 'more' | 'end' | 'parse-error'
  readonly payload: string
  readonly rest: string
  readonly trailers: readonly string[]
}

/** Feeds `text` in the given pieces; what comes behind the end is the rest. */
function read(pieces: readonly string[]): Read {
  const reader = new ChunkedReader()
  let payload = ''
  for (const [index, piece] of pieces.entries()) {
    const part = reader.read(Buffer.from(piece, 'latin1'))
    if (part.kind === 'parse-error') return { kind: 'parse-error', payload, rest: '', trailers: [] }
    payload += part.payload.toString('latin1')
    if (part.kind !== 'end') continue
    const rest = part.rest.toString('latin1') + pieces.slice(index + 1).join('')
    return { kind: 'end', payload, rest, trailers: part.trailers.map((field) => field.line) }
  }
  return { kind: 'more', payload, rest: '', trailers: [] }
}

const SAMPLES: readonly (readonly [string, Read])[] = [
  ['0\r\n\r\n', { kind: 'end', payload: '', rest: '', trailers: [] }],
  ['5\r\nhello\r\n0\r\n\r\nGET /', { kind: 'end', payload: 'hello', rest: 'GET /', trailers: [] }],
  [
    '000a;ext="\t;a=b"\r\n0123456789\r\nB\r\nhello world\r\n0;x\r\n\r\n',
    { kind: 'end', payload: '0123456789hello world', rest: '', trailers: [] },
  ],
  [
    '2\r\n\r\n\r\n1\r\n0\r\n0\r\nX-Sum: 1\r\nCookie: a\r\nContent-Length: 9\r\n\r\nx',
    { kind: 'end', payload: '\r\n0', rest: 'x', trailers: ['X-Sum: 1'] },
  ],
]

test('a chunked body reads the same in one piece, and cut in two or three at any points', () => {
  for (const [text, expected] of SAMPLES) {
    expect(read([text])).toEqual(expected)
    for (let i = 0; i <= text.length; i++) {
      expect({ i, ...read([text.slice(0, i), text.slice(i)]) }).toEqual({ i, ...expected })
      for (let j = i; j <= text.length; j++)
        expect(read([text.slice(0, i), text.slice(i, j), text.slice(j)])).toEqual(expected)
    }
    expect(read([...text])).toEqual(expected)
  }
})

test('no part of a body is taken for the whole', () => {
  for (const [text, { rest }] of SAMPLES) {
    const body = text.slice(0, text.length - rest.length)
    for (let length = 0; length < body.length; length++)
      expect(read([body.slice(0, length)]).kind).toBe('more')
  }
})

describe('malformed chunks are refused', () => {
  test.each([
    ['no size', '\r\nx'],
    ['a size that is no number', 'g\r\n'],
    ['a sign', '+1\r\nx\r\n'],
    ['a prefix', '0x1\r\nx\r\n'],
    ['a blank before the size', ' 1\r\nx\r\n'],
    ['a blank behind the size', '1 \r\nx\r\n'],
    ['a tab behind the size', '1\t;a\r\nx\r\n'],
    ['an underscore', '1_0\r\n'],
    ['a bare LF behind the size', '1\nx\r\n'],
    ['a bare CR behind the size', '1\rx\r\n'],
    ['a bare LF in an extension', '1;a\nb\r\nx\r\n'],
    ['a bare CR in an extension', '1;a\rb\r\nx\r\n'],
    ['a NUL in an extension', '1;\0\r\nx\r\n'],
    ['a chunk longer than its size', '1\r\nxy\r\n'],
    ['a bare LF behind a chunk', '1\r\nx\n0\r\n\r\n'],
    ['a bare CR behind a chunk', '1\r\nx\r0\r\n\r\n'],
    ['a size that overflows', 'ffffffffffffffff1\r\n'],
    ['a trailer with a folded line', '0\r\nX: a\r\n b\r\n\r\n'],
    ['a trailer without colon', '0\r\nfoo\r\n\r\n'],
    ['a trailer with a bare LF', '0\r\nX: a\n\r\n\r\n'],
    ['a trailer section ended by a bare LF', '0\r\n\n'],
  ])('%s', (_name, text) => {
    expect(read([text]).kind).toBe('parse-error')
    expect(read([...text]).kind).toBe('parse-error')
  })

  test('endless extensions, size lines and trailers are cut off', () => {
    expect(read([`1;${'x'.repeat(WIRE_LIMITS.chunkLineBytes)}\r\n`]).kind).toBe('parse-error')
    expect(read([`${'0'.repeat(WIRE_LIMITS.chunkSizeDigits + 1)}1\r\n`]).kind).toBe('parse-error')
    expect(read([`0\r\n${'X: y\r\n'.repeat(WIRE_LIMITS.trailerFields + 1)}\r\n`]).kind).toBe('parse-error')
    expect(read([`0\r\nX: ${'y'.repeat(WIRE_LIMITS.trailerBytes)}`]).kind).toBe('parse-error')
  })
})
