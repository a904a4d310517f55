/**
 * Random requests for fuzzing: mostly well-formed, then broken in the ways that make two servers disagree. Texts
 * hold one character per octet.
 */
import type { Random } from './random.ts'

const METHODS = ['GET', 'POST', 'PUT', 'HEAD', 'OPTIONS', 'DELETE', 'PATCH', 'QUERY']
const TARGETS = [
  '/',
  '/a',
  '/a/../b',
  '/%2e%2e/x',
  '//a',
  '/a?b=c&d',
  '/a;b',
  '/\\a',
  '/?',
  '/a%20b',
  '*',
  'http://a.test/x',
]
const NAMES = [
  'X-A',
  'x-b',
  'Accept',
  'Cookie',
  'X_C',
  'x.d',
  'User-Agent',
  'Te',
  'Expect',
  'Connection',
  'Trailer',
]
const VALUES = [
  '',
  'a',
  'a b',
  '\ta\t',
  'x, y',
  '"q\\"r"',
  '\xff\xe4',
  'trailers',
  'close',
  'keep-alive',
  'X-A',
  '0',
  ';',
  ':',
]
const CHUNK_EXTENSIONS = ['', '', '', ';a', ';a=b', ';a="b c"', ';\tx']

/** Pieces used for request smuggling, inserted anywhere. */
export const POISON: readonly string[] = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  ' ',
  '\t',
  '\x0b',
  '\x0c',
  '\x7f',
  '\x85',
  '\xa0',
  ':',
  ',',
  ';',
  '0',
  '1',
  'a',
  '#',
  '0\r\n\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding : chunked\r\n',
  'transfer-encoding:\tchunked\r\n',
  'Transfer-Encoding: identity\r\n',
  'Transfer-Encoding: chunked, chunked\r\n',
  'Content-Length: 3\r\n',
  'Content-Length: 03\r\n',
  'Content-Length: +3\r\n',
  'Content-Length: 3, 3\r\n',
  'Content_Length: 3\r\n',
  'Host: b.test\r\n',
  ' folded\r\n',
  'GET /smuggled HTTP/1.1\r\nHost: a.test\r\n\r\n',
  'HTTP/1.0',
  'HTTP/1.1',
]

/** One to three requests on one connection, some of them malformed. */
export function randomConnection(random: Random): string {
  let text = ''
  for (let count = 1 + random.int(3); count > 0; count--) text += randomRequest(random)
  return random.chance(0.7) ? poisoned(text, random) : text
}

function randomRequest(random: Random): string {
  const version = random.chance(0.93) ? 'HTTP/1.1' : 'HTTP/1.0'
  let head = `${random.pick(METHODS)} ${random.pick(TARGETS)} ${version}\r\n`
  const lines = ['Host: a.test\r\n']
  for (let count = random.int(4); count > 0; count--)
    lines.push(`${random.pick(NAMES)}:${random.pick([' ', '', '\t'])}${random.pick(VALUES)}\r\n`)
  const body = randomBody(random)
  lines.push(body.line)
  for (let i = lines.length; i > 0; i--) head += lines.splice(random.int(lines.length), 1)[0]
  return `${head}\r\n${body.text}`
}

function randomBody(random: Random): { readonly line: string; readonly text: string } {
  const content = random.pick(['', 'abc', '0\r\n\r\n', 'GET / HTTP/1.1\r\n', '\r\n\r\n', '\0\xff'])
  switch (random.int(3)) {
    case 0:
      return { line: '', text: '' }
    case 1:
      return { line: `Content-Length: ${content.length}\r\n`, text: content }
    default:
      return { line: 'Transfer-Encoding: chunked\r\n', text: chunked(content, random) }
  }
}

/** `content` in chunks, some with extensions, and sometimes trailers. */
export function chunked(content: string, random: Random): string {
  let text = ''
  for (let at = 0; at < content.length;) {
    const piece = content.slice(at, at + 1 + random.int(5))
    text += `${random.pick(['', '0', '00'])}${piece.length.toString(16)}${random.pick(CHUNK_EXTENSIONS)}\r\n${piece}\r\n`
    at += piece.length
  }
  const trailers = random.chance(0.2) ? 'X-T: 1\r\nContent-Length: 7\r\n' : ''
  return `${text}0${random.pick(CHUNK_EXTENSIONS)}\r\n${trailers}\r\n`
}

/** Inserts, drops or replaces octets at a few places. */
export function poisoned(text: string, random: Random, poisons: readonly string[] = POISON): string {
  let result = text
  for (let count = 1 + random.int(3); count > 0; count--) {
    const at = random.int(result.length + 1)
    const poison = random.pick(poisons)
    switch (random.int(4)) {
      case 0:
        result = result.slice(0, at) + poison + result.slice(at)
        break
      case 1:
        result = result.slice(0, at) + result.slice(at + 1)
        break
      case 2:
        result = result.slice(0, at) + poison + result.slice(at + 1)
        break
      default: {
        // At the start of a line, where fields are.
        const line = result.indexOf('\r\n', at)
        result = line < 0 ? result : result.slice(0, line + 2) + poison + result.slice(line + 2)
      }
    }
  }
  return result
}
