import { expect, test } from 'bun:test'
import { Connection } from '../wire/index.ts'
import { MAX_JOINED_BYTES, Scratch } from './scratch.ts'

test('head and body leave in one piece', () => {
  const socket = slowSocket(Infinity)
  expect(new Scratch().send(connectionTo(socket), 'head\r\n', Buffer.from('body'))).toBe(true)
  expect(socket.written).toEqual(['head\r\nbody'])
})

test('what a slow client has not taken yet is not overwritten by the next answer', () => {
  const scratch = new Scratch()
  const slow = slowSocket(3)
  const connection = connectionTo(slow)
  expect(scratch.send(connection, 'first ', Buffer.from('answer'))).toBe(false)
  for (let i = 0; i < 3; i++)
    scratch.send(connectionTo(slowSocket(Infinity)), 'other ', Buffer.from('XXXXXX'))
  slow.takes = Infinity
  connection.handleDrain()
  expect(slow.written.join('')).toBe('first answer')
})

test('what is too long to be joined does not fit', () => {
  const scratch = new Scratch()
  expect(scratch.fits('head', new Uint8Array(MAX_JOINED_BYTES))).toBe(true)
  expect(scratch.fits('head', new Uint8Array(MAX_JOINED_BYTES + 1))).toBe(false)
  expect(scratch.fits('x'.repeat(60_000), new Uint8Array(1))).toBe(false)
})

function slowSocket(takes: number) {
  const written: string[] = []
  const socket = {
    takes,
    written,
    write(bytes: Uint8Array) {
      const taken = bytes.subarray(0, socket.takes)
      written.push(Buffer.from(taken).toString())
      return taken.length
    },
    pause() {},
    resume() {},
    shutdown() {},
    end() {},
    terminate() {},
  }
  return socket
}

const connectionTo = (socket: object): Connection =>
  new Connection(
    socket as ConstructorParameters<typeof Connection>[0],
    { onData() {}, onDrain() {}, onEnd() {}, onClose() {}, onFailure() {} },
    '',
  )
