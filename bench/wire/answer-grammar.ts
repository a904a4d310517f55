/** Random responses for fuzzing: well-formed ones, and such as make two readers disagree. One character per octet. */
import { chunked, POISON, poisoned } from '../../src/wire/testing/message-grammar.ts'
import type { Random } from '../../src/wire/testing/random.ts'

/** What an app answers to one request. */
export interface AppAnswer {
  readonly method: 'GET' | 'HEAD'
  /** All that it sends. */
  readonly octets: string
  /** Whether the answer is valid HTTP, which the gateway must pass on. */
  readonly isSound: boolean
}

const STATUSES = ['200 OK', '201 Created', '206 ', '404 Nicht gefunden \xe4', '500 x', '599 y', '302']
const BODILESS = ['204 No Content', '304 Not Modified']
const INTERIMS = ['103 Early Hints', '100 Continue', '102 Processing']
const FIELDS = [
  'X-A: 1',
  'x-a:2',
  'X-B:\ta b\t',
  'X-B:',
  'X-A: \xff',
  'Content-Type: text/html',
  'Trailer: X-T',
]
const CONTENTS = [
  '',
  'abc',
  '0\r\n\r\n',
  'HTTP/1.1 200 OK\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx',
  '\0\xff',
]

const POISONS = [
  ...POISON,
  'HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsmuggled',
  'HTTP/1.1 100 Continue\r\n\r\n',
  'HTTP/1.1 204 No Content\r\n\r\n',
  'Content-Length: 0\r\n',
  'X-A: 3\r\n',
  'HTTP/1.0 ',
  '101',
  '204',
  '304',
  '99',
]

/** Interim responses and a final one, mostly hostile. */
export function randomAnswer(random: Random): AppAnswer {
  const method = random.chance(0.15) ? 'HEAD' : 'GET'
  let octets = ''
  for (let count = random.chance(0.2) ? 1 + random.int(2) : 0; count > 0; count--)
    octets += `HTTP/1.1 ${random.pick(INTERIMS)}\r\n${randomFields(random)}\r\n`
  octets += randomFinal(method, random)
  return random.chance(0.6)
    ? { method, octets: poisoned(octets, random, POISONS), isSound: false }
    : { method, octets, isSound: true }
}

function randomFinal(method: string, random: Random): string {
  const isBodiless = random.chance(0.15)
  const content = random.pick(CONTENTS)
  const status = random.pick(isBodiless ? BODILESS : STATUSES)
  const hasBody = !isBodiless && method !== 'HEAD'
  const head = (version: string, line: string) =>
    `HTTP/1.${version} ${status}\r\n${randomFields(random)}${line}${randomFields(random)}\r\n`
  switch (isBodiless && status.startsWith('204') ? 3 : random.int(4)) {
    case 0:
      return (
        head(random.pick(['1', '1', '0']), `Content-Length: ${content.length}\r\n`) + (hasBody ? content : '')
      )
    case 1:
      return head('1', 'Transfer-Encoding: chunked\r\n') + (hasBody ? chunked(content, random) : '')
    case 2:
      return (
        head('1', `Connection: close\r\nContent-Length: ${content.length}\r\n`) + (hasBody ? content : '')
      )
    default:
      return head(random.pick(['1', '0']), '') + (hasBody ? content : '')
  }
}

function randomFields(random: Random): string {
  let lines = ''
  for (let count = random.int(3); count > 0; count--) lines += `${random.pick(FIELDS)}\r\n`
  return lines
}
