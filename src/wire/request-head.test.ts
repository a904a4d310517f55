import { describe, expect, test } from 'bun:test'
import { WIRE_LIMITS } from './limits.ts'
import { readRequestHead, type RequestHead } from './request-head.ts'

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')
const read = (text: string) => readRequestHead(bytes(text))

function accept(text: string): RequestHead {
  const head = read(text)
  if (head.kind !== 'request') throw new Error(`not accepted: ${JSON.stringify(head)}`)
  return head
}

const HOST = 'Host: a.test\r\n'

test('a request is read with its fields in order, spelling and blanks', () => {
  const head = accept(
    'GET /a%20b?c=d HTTP/1.1\r\nhOst:a.Test:80\r\nX-B: \t two words\t\r\nx-b:\r\nCookie: a=1\r\n\r\nrest',
  )
  expect(head).toMatchObject({
    method: 'GET',
    target: '/a%20b?c=d',
    minorVersion: 1,
    host: 'a.Test:80',
    hostname: 'a.test',
    framing: { kind: 'none' },
    keepAlive: true,
    upgrade: null,
  })
  expect(head.fields.map(({ key, value, line }) => [key, value, line])).toEqual([
    ['host', 'a.Test:80', 'hOst:a.Test:80'],
    ['x-b', 'two words', 'X-B: \t two words\t'],
    ['x-b', '', 'x-b:'],
    ['cookie', 'a=1', 'Cookie: a=1'],
  ])
  expect(head.byteLength).toBe(head.octets.indexOf('rest'))
})

test('octets above ASCII in a value are kept one by one', () => {
  expect(accept(`GET / HTTP/1.1\r\n${HOST}X: \xff\xe4\x80\r\n\r\n`).fields[1]!.value).toBe('\xff\xe4\x80')
})

test('a header section of the same octets is read once, and only then', () => {
  const first = accept(`GET /a HTTP/1.1\r\n${HOST}X: 1\r\n\r\n`)
  const again = (text: string) => readRequestHead(bytes(text), first)
  const same = again(`POST /longer?b HTTP/1.1\r\n${HOST}X: 1\r\n\r\nbody`)
  expect(same).toMatchObject({ method: 'POST', target: '/longer?b', section: first.section })
  expect(again(`GET /a HTTP/1.1\r\n${HOST}X: 2\r\n\r\n`)).toMatchObject({ kind: 'request' })
  for (const other of ['X: 2\r\n', 'X:1 \r\n', 'x: 1\r\n', 'X: 1\r\nY: 2\r\n', '']) {
    const head = again(`GET /a HTTP/1.1\r\n${HOST}${other}\r\n`)
    if (head.kind !== 'request') throw new Error(other)
    expect(head.section).not.toBe(first.section)
    expect(head.fields.map((field) => `${field.line}\r\n`).join('')).toBe(HOST + other)
  }
  expect(again(`GET /a HTTP/1.1\r\n${HOST}X: \x01\r\n\r\n`)).toMatchObject({ kind: 'parse-error' })
  expect(again(`GET http://b.test/ HTTP/1.1\r\n${HOST}X: 1\r\n\r\n`)).toMatchObject({ kind: 'parse-error' })
})

test('a section that HTTP/1.1 may have is still refused in HTTP/1.0', () => {
  const fields = `${HOST}Transfer-Encoding: chunked\r\n\r\n`
  const first = accept(`POST / HTTP/1.1\r\n${fields}`)
  expect(readRequestHead(bytes(`POST / HTTP/1.0\r\n${fields}`), first)).toMatchObject({ status: 400 })
})

test.each([1, 2, 4])('%d empty lines before the request line are skipped and counted', (count) => {
  const head = accept(`${'\r\n'.repeat(count)}GET / HTTP/1.1\r\n${HOST}\r\n`)
  expect(head.byteLength).toBe(head.octets.length + 2 * count)
  expect(head.fields[0]!.line).toBe('Host: a.test')
})

test.each([
  ['HTTP/1.1 without Connection', 'HTTP/1.1', '', true],
  ['HTTP/1.1 with close', 'HTTP/1.1', 'Connection: foo, Close\r\n', false],
  ['HTTP/1.0 without Connection', 'HTTP/1.0', '', false],
  ['HTTP/1.0 with keep-alive', 'HTTP/1.0', 'Connection: Keep-Alive\r\n', true],
  ['HTTP/1.0 with both', 'HTTP/1.0', 'Connection: close, keep-alive\r\n', false],
  [
    'HTTP/1.0 with both, each in its line',
    'HTTP/1.0',
    'Connection: keep-alive\r\nConnection: close\r\n',
    false,
  ],
])('%s: keep-alive', (_name, version, line, keepAlive) => {
  expect(accept(`GET / ${version}\r\n${HOST}${line}\r\n`).keepAlive).toBe(keepAlive)
})

test('fields that Connection names are told, its options are not', () => {
  const head = accept(
    `GET / HTTP/1.1\r\n${HOST}Connection: keep-alive, X-Foo\r\nConnection: Upgrade,x-bar\r\n\r\n`,
  )
  expect(head.connectionFields).toEqual(['x-foo', 'x-bar'])
})

test('an upgrade is seen only where Connection names it and nothing else follows the head', () => {
  const upgrade = (extra: string) =>
    accept(`GET / HTTP/1.1\r\n${HOST}Upgrade: websocket\r\n${extra}\r\n`).upgrade
  expect(upgrade('Connection: keep-alive, Upgrade\r\n')).toBe('websocket')
  expect(upgrade('')).toBeNull()
  expect(upgrade('Connection: Upgrade\r\nContent-Length: 1\r\n')).toBeNull()
})

test.each([
  ['none', '', { kind: 'none' }],
  ['a length', 'Content-Length: 42\r\n', { kind: 'length', length: 42 }],
  ['an empty body', 'Content-Length: 0\r\n', { kind: 'none' }],
  ['chunks', 'Transfer-Encoding: Chunked\r\n', { kind: 'chunked' }],
])('framing: %s', (_name, lines, framing) => {
  expect(accept(`POST / HTTP/1.1\r\n${HOST}${lines}\r\n`).framing).toEqual(framing as never)
})

describe('absolute-form', () => {
  test.each([
    ['http://a.test/x?y', '/x?y'],
    ['http://A.TEST', '/'],
    ['https://a.test/', '/'],
  ])('%s names the same host and becomes %s', (target, path) => {
    expect(accept(`GET ${target} HTTP/1.1\r\n${HOST}\r\n`).target).toBe(path)
  })

  test.each([
    ['http://a.test', '*'],
    ['http://a.test/', '/'],
  ])('with OPTIONS %s becomes %s', (target, path) => {
    expect(accept(`OPTIONS ${target} HTTP/1.1\r\n${HOST}\r\n`).target).toBe(path)
  })

  test.each([
    'http://b.test/',
    'http://a.test:80/',
    'http://u@a.test/',
    'http://a.test?x',
    'http:http://a.test/',
    'ftp://a.test/',
    'a.test/',
    'http:///x',
  ])('%s is refused', (target) => {
    expect(read(`GET ${target} HTTP/1.1\r\n${HOST}\r\n`)).toMatchObject({ kind: 'parse-error', status: 400 })
  })
})

test('the asterisk is allowed for OPTIONS alone, and CONNECT never', () => {
  expect(accept(`OPTIONS * HTTP/1.1\r\n${HOST}\r\n`).target).toBe('*')
  expect(read(`GET * HTTP/1.1\r\n${HOST}\r\n`)).toMatchObject({ status: 400 })
  expect(read(`CONNECT a.test:443 HTTP/1.1\r\n${HOST}\r\n`)).toMatchObject({ status: 405 })
  expect(read(`CONNECT / HTTP/1.1\r\n${HOST}\r\n`)).toMatchObject({ status: 405 })
})

describe('a malformed request is refused', () => {
  const line = (requestLine: string) => `${requestLine}\r\n${HOST}\r\n`
  const field = (...lines: string[]) =>
    `POST / HTTP/1.1\r\n${HOST}${lines.map((text) => `${text}\r\n`).join('')}\r\n`
  test.each([
    ['two Hosts', field('Host: a.test')],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n'],
    ['no Host in HTTP/1.0', 'GET / HTTP/1.0\r\n\r\n'],
    ['an empty Host', 'GET / HTTP/1.1\r\nHost:\r\n\r\n'],
    ['a Host with a path', 'GET / HTTP/1.1\r\nHost: a.test/x\r\n\r\n'],
    ['a Host with user info', 'GET / HTTP/1.1\r\nHost: u@a.test\r\n\r\n'],
    ['a Host list', 'GET / HTTP/1.1\r\nHost: a.test, b.test\r\n\r\n'],
    ['a percent-encoded Host', 'GET / HTTP/1.1\r\nHost: a%2etest\r\n\r\n'],
    ['a Host with a bad port', 'GET / HTTP/1.1\r\nHost: a.test:8x\r\n\r\n'],
    ['Content-Length and Transfer-Encoding', field('Content-Length: 3', 'Transfer-Encoding: chunked')],
    ['Transfer-Encoding and Content-Length', field('Transfer-Encoding: chunked', 'Content-Length: 3')],
    ['two equal Content-Lengths', field('Content-Length: 3', 'Content-Length: 3')],
    ['a Content-Length list', field('Content-Length: 3, 3')],
    ['a signed Content-Length', field('Content-Length: +3')],
    ['a negative Content-Length', field('Content-Length: -3')],
    ['a hexadecimal Content-Length', field('Content-Length: 0x3')],
    ['a Content-Length with a leading zero', field('Content-Length: 03')],
    ['a Content-Length of two zeros', field('Content-Length: 00')],
    ['an empty Content-Length', field('Content-Length:')],
    ['a fractional Content-Length', field('Content-Length: 3.0')],
    ['a Content-Length beyond numbers', field('Content-Length: 9999999999999999999')],
    ['two Transfer-Encodings', field('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked')],
    ['Transfer-Encoding gzip, chunked', field('Transfer-Encoding: gzip, chunked')],
    ['Transfer-Encoding chunked, identity', field('Transfer-Encoding: chunked, identity')],
    ['Transfer-Encoding xchunked', field('Transfer-Encoding: xchunked')],
    ['Transfer-Encoding with a tab inside', field('Transfer-Encoding: chun\tked')],
    ['Transfer-Encoding with quotes', field('Transfer-Encoding: "chunked"')],
    ['an empty Transfer-Encoding', field('Transfer-Encoding:')],
    ['Transfer-Encoding with a vertical tab', field('Transfer-Encoding: \x0bchunked')],
    ['Transfer-Encoding in HTTP/1.0', `POST / HTTP/1.0\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n`],
    ['a folded line', field('X: a', ' b')],
    ['a folded line with a tab', field('X: a', '\tb')],
    ['a folded first line', `GET / HTTP/1.1\r\n X: a\r\n${HOST}\r\n`],
    ['a blank before the colon', field('X : a')],
    ['a tab before the colon', field('Content-Length\t: 3')],
    ['a line without colon', field('Foo')],
    ['an empty name', field(': x')],
    ['a name with a control', field('X\x01Y: a')],
    ['a name above ASCII', field('X\xe4: a')],
    ['a name with a slash', field('X/Y: a')],
    ['a bare LF after a line', `GET / HTTP/1.1\r\n${HOST.replace('\r', '')}X: y\r\n\r\n`],
    ['a bare LF after the request line', `GET / HTTP/1.1\n${HOST}\r\n`],
    ['a bare LF in a value', field('X: a\nY: b')],
    ['a bare CR in a value', field('X: a\rY: b')],
    ['a bare CR before the colon', field('X\r: b')],
    ['a NUL in a value', field('X: a\0b')],
    ['a DEL in a value', field('X: a\x7fb')],
    ['an escape in a value', field('X: \x1b[2J')],
    ['a lower-case method', line('get / HTTP/1.1')],
    ['an empty method', line(' / HTTP/1.1')],
    ['a method of 32 letters with a letter for the blank', line(`${'G'.repeat(32)}X/ HTTP/1.1`)],
    ['a method of 33 letters', line(`${'G'.repeat(33)} / HTTP/1.1`)],
    ['a method with a tab', line('GET\t/ HTTP/1.1')],
    ['two blanks before the target', line('GET  / HTTP/1.1')],
    ['two blanks before the version', line('GET /  HTTP/1.1')],
    ['a blank behind the version', line('GET / HTTP/1.1 ')],
    ['a blank in the target', line('GET /a b HTTP/1.1')],
    ['a tab in the target', line('GET /a\tb HTTP/1.1')],
    ['a NUL in the target', line('GET /a\0b HTTP/1.1')],
    ['a fragment', line('GET /a#b HTTP/1.1')],
    ['raw UTF-8 in the target', line('GET /\xc3\xa4 HTTP/1.1')],
    ['no version (HTTP/0.9)', line('GET /')],
    ['a lower-case version', line('GET / http/1.1')],
    ['a version with a blank', line('GET / HTTP /1.1')],
    ['a version with two digits', line('GET / HTTP/1.10')],
    ['five empty lines before it', `${'\r\n'.repeat(5)}GET / HTTP/1.1\r\n${HOST}\r\n`],
    ['a bare LF before it', `\nGET / HTTP/1.1\r\n${HOST}\r\n`],
  ])('%s', (_name, text) => {
    expect(read(text)).toMatchObject({ kind: 'parse-error', status: 400 })
  })

  test.each(['HTTP/1.2', 'HTTP/2.0', 'HTTP/0.9', 'HTTP/3.0'])('%s is not spoken here', (version) => {
    expect(read(line(`GET / ${version}`))).toMatchObject({ kind: 'parse-error', status: 505 })
  })
})

describe('bounds', () => {
  const ofSize = (targetBytes: number) => `GET /${'a'.repeat(targetBytes - 1)} HTTP/1.1\r\n${HOST}\r\n`

  test('the longest target passes, one octet more does not', () => {
    expect(accept(ofSize(WIRE_LIMITS.targetBytes)).target.length).toBe(WIRE_LIMITS.targetBytes)
    expect(read(ofSize(WIRE_LIMITS.targetBytes + 1))).toMatchObject({ status: 414 })
  })

  test('an endless target is refused before its line ends', () => {
    expect(read(`GET /${'a'.repeat(20_000)}`)).toMatchObject({ status: 414 })
  })

  test('a head larger than allowed is refused, complete or not', () => {
    const fields = `X: ${'y'.repeat(1000)}\r\n`.repeat(33)
    expect(read(`GET / HTTP/1.1\r\n${HOST}${fields}`)).toMatchObject({ status: 431 })
    expect(read(`GET / HTTP/1.1\r\n${HOST}${fields}\r\n`)).toMatchObject({ status: 431 })
  })

  test('one field more than allowed is refused', () => {
    const fields = (count: number) => 'X: y\r\n'.repeat(count)
    expect(
      accept(`GET / HTTP/1.1\r\n${HOST}${fields(WIRE_LIMITS.requestFields - 1)}\r\n`).fields.length,
    ).toBe(WIRE_LIMITS.requestFields)
    expect(read(`GET / HTTP/1.1\r\n${HOST}${fields(WIRE_LIMITS.requestFields)}\r\n`)).toMatchObject({
      status: 431,
    })
  })
})

test('every part of a head is incomplete and none is refused', () => {
  const text = `\r\nPOST /a?b HTTP/1.1\r\n${HOST}Content-Length: 5\r\nX:\ty \r\n\r\n`
  for (let length = 0; length < text.length; length++)
    expect({ length, kind: read(text.slice(0, length)).kind }).toEqual({ length, kind: 'incomplete' })
  expect(read(text).kind).toBe('request')
})

test('a bare LF is refused as soon as it is seen', () => {
  expect(read('GET / HTTP/1.1\nHost')).toMatchObject({ kind: 'parse-error', status: 400 })
})
