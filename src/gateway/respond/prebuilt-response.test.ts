import { expect, test } from 'bun:test'
import { Connection } from '../../wire/index.ts'
import { HEAD_ROOM_BYTES, PrebuiltResponse } from './prebuilt-response.ts'

const BODY = 'the body'
const NOON = Date.parse('Sat, 21 Nov 2026 12:00:00 GMT')

test('it is one write of a head of its own and the body', () => {
  const kernel = kernelTaking(Infinity)
  answerOf('ETag: "x"\r\n').sendTo(kernel.connection, NOON + 999, 'X: y\r\n')
  expect(kernel.writes).toEqual([
    'HTTP/1.1 200 OK\r\nETag: "x"\r\nContent-Length: 8\r\nX: y\r\nDate: Sat, 21 Nov 2026 12:00:00 GMT\r\n\r\nthe body',
  ])
})

test('the next second has its own date', () => {
  const kernel = kernelTaking(Infinity)
  const answer = answerOf('')
  for (const ms of [0, 1000, 1500, -1000]) answer.sendTo(kernel.connection, NOON + ms, '')
  expect(kernel.writes.map((sent) => /Date: .* (\d\d:\d\d:\d\d) GMT/.exec(sent)![1])).toEqual([
    '12:00:00',
    '12:00:01',
    '12:00:01',
    '11:59:59',
  ])
})

test('what waits for a slow client is not changed by the next second', () => {
  for (let taken = 0; taken < 80; taken++) {
    const slow = kernelTaking(taken)
    const answer = answerOf('')
    answer.sendTo(slow.connection, NOON, '')
    answer.sendTo(kernelTaking(Infinity).connection, NOON + 59_000, '')
    slow.takeAll()
    expect(slow.writes.join('')).toEndWith('Date: Sat, 21 Nov 2026 12:00:00 GMT\r\n\r\nthe body')
    expect(answer.body.toString()).toBe(BODY)
  }
})

test('no memory before the head is sent', () => {
  const memory = Buffer.alloc(HEAD_ROOM_BYTES + 1, 'S')
  const kernel = kernelTaking(Infinity)
  new PrebuiltResponse(memory, '').sendTo(kernel.connection, NOON, '')
  expect(kernel.writes[0]!.replaceAll('Sat', '')).toMatch(/^HTTP[^S]+S$/)
})

test('lines that one answer has are not in the next one', () => {
  const kernel = kernelTaking(Infinity)
  const answer = answerOf('')
  for (const moreLines of ['A: long line\r\n', '', 'B: c\r\n'])
    answer.sendTo(kernel.connection, NOON, moreLines)
  const date = 'Date: Sat, 21 Nov 2026 12:00:00 GMT\r\n\r\nthe body'
  expect(kernel.writes).toEqual(
    ['A: long line\r\n', '', 'B: c\r\n'].map(
      (more) => `HTTP/1.1 200 OK\r\nContent-Length: 8\r\n${more}${date}`,
    ),
  )
})

test('what waits for a slow client is not changed by an answer with other lines', () => {
  const slow = kernelTaking(10)
  const answer = answerOf('')
  answer.sendTo(slow.connection, NOON, 'A: b\r\n')
  answer.sendTo(kernelTaking(Infinity).connection, NOON, '')
  slow.takeAll()
  expect(slow.writes.join('')).toContain('\r\nA: b\r\nDate')
})

test('a head that is too long for its room is refused, not cut', () => {
  const kernel = kernelTaking(Infinity)
  const long = `X: ${'x'.repeat(HEAD_ROOM_BYTES)}\r\n`
  expect(answerOf(long).sendTo(kernel.connection, NOON, '')).toBe(false)
  expect(answerOf('').sendTo(kernel.connection, NOON, long)).toBe(false)
  expect(kernel.writes).toEqual([])
})

const answerOf = (headerLines: string): PrebuiltResponse =>
  new PrebuiltResponse(Buffer.from(' '.repeat(HEAD_ROOM_BYTES) + BODY), headerLines)

/** A connection on a socket that takes `byteCount` octets, and the rest later. */
function kernelTaking(byteCount: number) {
  const writes: string[] = []
  let room = byteCount
  const connection = new Connection(
    {
      write(bytes: Uint8Array, offset = 0, length = bytes.length - offset) {
        const count = Math.min(length, room)
        room -= count
        writes.push(Buffer.from(bytes.subarray(offset, offset + count)).toString('latin1'))
        return count
      },
      pause() {},
      resume() {},
      shutdown() {},
      end() {},
      terminate() {},
    } as unknown as ConstructorParameters<typeof Connection>[0],
    { onData() {}, onDrain() {}, onEnd() {}, onClose() {}, onFailure() {} },
    '',
  )
  const takeAll = () => {
    room = Infinity
    connection.handleDrain()
  }
  return { connection, writes, takeAll }
}
