import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect as connectTo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls, createSecureContext, type ConnectionOptions } from 'node:tls'
import { makeCertificate } from '../tls/testing/make-certificate.ts'
import type { Connection, ConnectionHandler } from './connection.ts'
import { connect, listen, type Address } from './sockets.ts'

const folder = mkdtempSync(join(tmpdir(), 'wire-tls-'))
afterAll(() => rmSync(folder, { recursive: true }))
const { certFile, keyFile } = makeCertificate({ folder, file: 'home', names: ['cloud.test'] })
const context = createSecureContext({ cert: readFileSync(certFile), key: readFileSync(keyFile) })

const KINDS = ['TCP', 'TLS'] as const
type Kind = (typeof KINDS)[number]

/** A handler that records its calls, in order. */
function recorder() {
  const events: string[] = []
  const waiting = new Set<() => void>()
  const note = (event: string) => {
    events.push(event)
    for (const look of waiting) look()
  }
  const handler: ConnectionHandler = {
    onData: (bytes) => note(`data ${bytes.toString('latin1')}`),
    onDrain: () => note('drain'),
    onEnd: () => note('end'),
    onClose: () => note('close'),
    onFailure: (error) => note(`failure ${error.message}`),
  }
  const until = async (event: string) => {
    while (!events.includes(event)) {
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.add(resolve)
      await promise
      waiting.delete(resolve)
    }
  }
  return { events, handler, until }
}

/** Both ends of one accepted connection. */
async function pair(kind: Kind, handler?: (connection: Connection) => ConnectionHandler) {
  const record = recorder()
  const accepted = Promise.withResolvers<Connection>()
  const listener = listen({
    hostname: '127.0.0.1',
    port: 0,
    reusePort: false,
    tls: kind === 'TLS' ? { fallback: context, choose: () => context } : null,
    onConnection: () => (connection) => {
      accepted.resolve(connection)
      return handler?.(connection) ?? record.handler
    },
  })
  const wire = connectTo({ port: listener.port, host: '127.0.0.1', allowHalfOpen: true })
  wire.on('error', () => {})
  const peer: Socket =
    kind === 'TLS'
      ? connectTls({ socket: wire, rejectUnauthorized: false, allowHalfOpen: true } as ConnectionOptions)
      : wire
  peer.on('error', () => {})
  await once(peer, kind === 'TLS' ? 'secureConnect' : 'connect')
  const connection = await accepted.promise
  return {
    ...record,
    connection,
    peer,
    /** The TCP connection of the peer. */
    wire,
    [Symbol.dispose]: () => {
      peer.destroy()
      connection.destroy()
      listener.stop()
    },
  }
}

const once = (socket: Socket, event: string) =>
  new Promise<void>((resolve) => socket.once(event, () => resolve()))

describe.each(KINDS)('over %s', (kind) => {
  test('an end of the peer is reported, and writing stays possible', async () => {
    using both = await pair(kind)
    const got: Buffer[] = []
    both.peer.on('data', (bytes: Buffer) => got.push(bytes))
    both.peer.end('hello')
    await both.until('end')
    expect(both.events).toEqual(['data hello', 'end'])
    both.connection.write(Buffer.from('still here'))
    both.connection.end()
    await once(both.peer, 'end')
    expect(Buffer.concat(got).toString()).toBe('still here')
  })

  test('what the kernel does not take is queued, complete and in order, and reported when it is sent', async () => {
    using both = await pair(kind)
    both.peer.pause()
    const pieces = Array.from({ length: 40 }, (_, index) => Buffer.alloc(1_000_000, index))
    const taken = pieces.map((piece) => both.connection.write(piece))
    expect(taken.at(-1)).toBe(false)
    expect(both.connection.isBlocked).toBe(true)
    both.connection.end()
    const got: Buffer[] = []
    both.peer.on('data', (bytes: Buffer) => got.push(bytes))
    both.peer.resume()
    await once(both.peer, 'end')
    expect(Buffer.concat(got).equals(Buffer.concat(pieces))).toBe(true)
    expect(both.events).toContain('drain')
    expect(both.connection.isBlocked).toBe(false)
  })

  test('a paused connection gets no events until it is resumed', async () => {
    using both = await pair(kind)
    both.connection.pause()
    both.peer.write('hello')
    await new Promise<void>((resolve) => setImmediate(resolve))
    expect(both.events).toEqual([])
    both.connection.resume()
    await both.until('data hello')
  })

  test('the peer sees a cut as a reset', async () => {
    using both = await pair(kind)
    const error = new Promise<string>((resolve) =>
      both.peer.once('error', (cause) => resolve((cause as { code?: string }).code ?? '')),
    )
    both.peer.resume()
    both.connection.destroy()
    expect(await error).toBe('ECONNRESET')
    await both.until('close')
    expect(both.connection.isClosed).toBe(true)
    both.connection.write(Buffer.from('unread'))
    both.connection.destroy()
    expect(both.events).toEqual(['close'])
  })

  test('a reset of the peer is a close without an end', async () => {
    using both = await pair(kind)
    both.wire.resetAndDestroy()
    await both.until('close')
    expect(both.events).toEqual(['close'])
  })

  test('an orderly close of the peer is an end, and a close when we have ended as well', async () => {
    using both = await pair(kind)
    both.peer.end()
    await both.until('end')
    both.connection.end()
    await both.until('close')
    expect(both.events).toEqual(['end', 'close'])
  })

  test('an orderly close of the peer is an end also where we have ended first', async () => {
    using both = await pair(kind)
    both.connection.end()
    await once(both.peer.resume(), 'end')
    both.peer.end('last words')
    await both.until('close')
    expect(both.events).toEqual(['data last words', 'end', 'close'])
  })

  test('a handler that throws costs its connection and nothing else', async () => {
    const told: string[] = []
    using both = await pair(kind, () => ({
      ...recorder().handler,
      onData() {
        throw new Error('defect')
      },
      onFailure: (error) => void told.push(error.message),
    }))
    both.peer.resume()
    both.peer.write('x')
    await once(both.peer, 'close')
    expect(told).toEqual(['defect'])
  })
})

test('a listener may refuse a connection', async () => {
  const listener = listen({ hostname: '127.0.0.1', port: 0, reusePort: false, onConnection: () => null })
  const peer = connectTo(listener.port, '127.0.0.1')
  peer.on('error', () => {})
  await once(peer, 'close')
  listener.stop()
})

test('two listeners share a port where both say so, and not otherwise', () => {
  const options = { hostname: '127.0.0.1', onConnection: () => null }
  const first = listen({ ...options, port: 0, reusePort: true })
  const second = listen({ ...options, port: first.port, reusePort: true })
  expect(second.port).toBe(first.port)
  expect(() => listen({ ...options, port: first.port, reusePort: false })).toThrow()
  first.stop()
  second.stop()
})

test('connecting to a closed port fails with the system’s code', async () => {
  const code = (address: Address) =>
    connect(address, () => recorder().handler).then(
      () => 'connected',
      (error: { code?: string }) => error.code,
    )
  expect(await code({ kind: 'tcp', key: '', host: '127.0.0.1', port: 1 })).toBe('ECONNREFUSED')
  expect(await code({ kind: 'unix', key: '', path: '/nonexistent/home.sock' })).toBe('ENOENT')
})

test('a connection over a unix socket is one like any other', async () => {
  const path = join(tmpdir(), `wire-${process.pid}-${Date.now()}.sock`)
  const server = createServer((socket) => socket.pipe(socket)).listen(path)
  await new Promise<void>((resolve) => server.once('listening', resolve))
  const { events, handler, until } = recorder()
  const connection = await connect({ kind: 'unix', key: path, path }, () => handler)
  connection.write(Buffer.from('ping'))
  await until('data ping')
  connection.end()
  await until('close')
  expect(events).toEqual(['data ping', 'end', 'close'])
  server.close()
})
