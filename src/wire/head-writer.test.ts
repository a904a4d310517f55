import { expect, test } from 'bun:test'
import { Connection } from './connection.ts'
import { HeadWriter, MAX_JOINED_BYTES } from './head-writer.ts'

test('head and small body leave in one piece', () => {
  const socket = slowSocket(Infinity)
  const out = new HeadWriter().start()
  out.text('head\xe4')
  out.text('\r\n')
  expect(out.send(connectionTo(socket), Buffer.from('body'))).toBe(true)
  expect(socket.written).toEqual(['head\xe4\r\nbody'])
})

test('a large body leaves in a piece of its own, uncopied', () => {
  const socket = slowSocket(Infinity)
  const out = new HeadWriter().start()
  out.text('head')
  out.send(connectionTo(socket), Buffer.alloc(MAX_JOINED_BYTES + 1, 'x'))
  expect(socket.written.map((text) => text.length)).toEqual([4, MAX_JOINED_BYTES + 1])
})

test('a head of any size fits', () => {
  const socket = slowSocket(Infinity)
  const out = new HeadWriter().start()
  for (let i = 0; i < 100; i++) out.text('x'.repeat(1_000))
  out.send(connectionTo(socket), Buffer.from('!'))
  expect(socket.written).toEqual([`${'x'.repeat(100_000)}!`])
})

test('what a slow peer has not taken yet is not overwritten by the next head', () => {
  const out = new HeadWriter()
  const slow = slowSocket(3)
  const connection = connectionTo(slow)
  out.start().text('first ')
  expect(out.send(connection, Buffer.from('answer'))).toBe(false)
  for (let i = 0; i < 3; i++) {
    out.start().text('other ')
    out.send(connectionTo(slowSocket(Infinity)), Buffer.from('XXXXXX'))
  }
  slow.takes = Infinity
  connection.handleDrain()
  expect(slow.written.join('')).toBe('first answer')
})

function slowSocket(takes: number) {
  const written: string[] = []
  const socket = {
    takes,
    written,
    write(bytes: Uint8Array, start = 0, length = bytes.length) {
      const taken = bytes.subarray(start, start + Math.min(length, socket.takes))
      written.push(Buffer.from(taken).toString('latin1'))
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
