import { afterAll, afterEach, describe, expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect as connectTcp, createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls, createSecureContext, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { makeCertificate } from '../tls/testing/make-certificate.ts'
import type { Connection, ConnectionHandler } from './connection.ts'
import { listen } from './sockets.ts'
import type { ServerTls } from './tls.ts'

const folder = mkdtempSync(join(tmpdir(), 'wire-tls-'))
const contextFor = (name: string) => {
  const { certFile, keyFile } = makeCertificate({ folder, file: name, names: [name] })
  return createSecureContext({
    cert: readFileSync(certFile),
    key: readFileSync(keyFile),
    minVersion: 'TLSv1.2',
  })
}
const cloud = contextFor('cloud.test')
const other = contextFor('other.test')
const stacks: AsyncDisposableStack[] = []
afterEach(async () => {
  for (const stack of stacks.splice(0)) await stack.disposeAsync()
})
afterAll(() => rmSync(folder, { recursive: true }))

/** A TLS listener, and in front of it a relay by which a test has the octets on the way in its hands. */
async function startServer(tls: ServerTls = { fallback: cloud, choose: () => cloud }) {
  const stack = new AsyncDisposableStack()
  stacks.push(stack)
  const events: string[] = []
  const waiting = new Set<() => void>()
  const note = (event: string) => {
    events.push(event)
    for (const look of waiting) look()
  }
  const until = async (event: string) => {
    while (!events.includes(event)) await new Promise<void>((resolve) => waiting.add(resolve))
  }
  const state: { connection?: Connection } = {}
  const handler: ConnectionHandler = {
    onData: (bytes) => note(`data ${bytes.toString('latin1')}`),
    onDrain() {},
    onEnd: () => note('end'),
    onClose: () => note('close'),
    onFailure: (error) => note(`failure ${error.message}`),
  }
  const listener = listen({
    hostname: '127.0.0.1',
    port: 0,
    reusePort: false,
    tls,
    onConnection: () => (connection) => {
      state.connection = connection
      note('open')
      return handler
    },
  })
  stack.defer(() => listener.stop())
  const relay = await startRelay(listener.port, stack)
  return { port: listener.port, relay, events, until, state, stack }
}

async function startRelay(port: number, stack: AsyncDisposableStack) {
  const relay = { port: 0, isFrozen: false, toServer: undefined as Socket | undefined, fromServer: '' }
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const toServer = connectTcp({ port, host: '127.0.0.1', allowHalfOpen: true })
    relay.toServer = toServer
    for (const socket of [client, toServer]) {
      socket.on('error', () => {})
      stack.defer(() => void socket.destroy())
    }
    client.on('data', (bytes) => relay.isFrozen || toServer.write(bytes))
    toServer.on('data', (bytes) => {
      relay.fromServer += bytes.toString('latin1')
      if (!relay.isFrozen) client.write(bytes)
    })
    toServer.on('end', () => relay.isFrozen || client.end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stack.defer(() => void server.close())
  relay.port = (server.address() as AddressInfo).port
  return relay
}

/** What became of a handshake: the client's socket, or the alert or the system's code. */
async function shake(port: number, options: ConnectionOptions = {}): Promise<TLSSocket | string> {
  const { promise, resolve } = Promise.withResolvers<TLSSocket | string>()
  const socket = connectTls(
    {
      port,
      host: '127.0.0.1',
      servername: 'cloud.test',
      rejectUnauthorized: false,
      allowHalfOpen: true,
      ...options,
    } as ConnectionOptions,
    () => resolve(socket),
  )
  socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  socket.on('close', () => resolve('closed'))
  stacks.at(-1)!.defer(() => void socket.destroy())
  return await promise
}

async function shaken(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = await shake(port, options)
  if (typeof socket === 'string') throw new Error(`no handshake: ${socket}`)
  return socket
}

const subjectOf = (socket: TLSSocket): string => String(socket.getPeerCertificate().subject.CN)

describe('the handshake', () => {
  test('shows the certificate of the name that is asked for, also one that came later', async () => {
    let names: Record<string, typeof cloud> = {}
    const { port } = await startServer({ fallback: cloud, choose: (name) => names[name] ?? cloud })
    expect(subjectOf(await shaken(port, { servername: 'other.test' }))).toBe('cloud.test')
    names = { 'other.test': other }
    expect(subjectOf(await shaken(port, { servername: 'other.test' }))).toBe('other.test')
  })

  test('shows the first certificate to a client that names no host', async () => {
    const { port } = await startServer({ fallback: cloud, choose: () => other })
    expect(subjectOf(await shaken(port, { servername: '' }))).toBe('cloud.test')
  })

  test('agrees on http/1.1, and refuses a client that speaks only h2', async () => {
    const { port } = await startServer()
    expect((await shaken(port, { ALPNProtocols: ['h2', 'http/1.1'] })).alpnProtocol).toBe('http/1.1')
    expect(await shake(port, { ALPNProtocols: ['h2'] })).toContain('NO_APPLICATION_PROTOCOL')
  })

  test('is refused below TLS 1.2', async () => {
    const { port } = await startServer()
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT' } as const
    expect(typeof (await shake(port, old))).toBe('string')
    expect((await shaken(port, { maxVersion: 'TLSv1.2' })).getProtocol()).toBe('TLSv1.2')
  })

  test.each([
    ['plain HTTP', 'GET / HTTP/1.1\r\nHost: cloud.test\r\n\r\n'],
    ['a record that is longer than records may be', '\x16\x03\x01\xff\xff'.padEnd(66_000, 'x')],
    ['an alert', '\x15\x03\x01\x00\x02\x02\x28'],
  ])('that begins with %s ends in a close, and nothing was received', async (_, octets) => {
    const { port, events, until } = await startServer()
    const client = connectTcp(port, '127.0.0.1').on('error', () => {})
    client.write(Buffer.from(octets, 'latin1'))
    await until('close')
    expect(events).toEqual(['open', 'close'])
    client.destroy()
  })

  test('that was only begun is a connection, which may be closed', async () => {
    const { port, events, until, state } = await startServer()
    const client = connectTcp(port, '127.0.0.1').on('error', () => {})
    client.write('\x16\x03\x01')
    await until('open')
    state.connection!.close()
    await until('close')
    expect(events).toEqual(['open', 'close'])
    client.destroy()
  })

  test('cannot be repeated on an open connection', async () => {
    const { port, events, until } = await startServer()
    const client = Bun.spawn(
      ['openssl', 's_client', '-connect', `127.0.0.1:${port}`, '-tls1_2', '-servername', 'cloud.test'],
      { stdin: 'pipe', stdout: 'pipe', stderr: 'pipe' },
    )
    client.stdin.write('hello\n')
    client.stdin.flush()
    await until('data hello\n')
    client.stdin.write('R\n')
    client.stdin.flush()
    expect(await client.exited).not.toBe(0)
    await until('close')
    expect(events.filter((event) => event !== 'end')).toEqual(['open', 'data hello\n', 'close'])
  })
})

describe('on the way', () => {
  test.each([
    ['does not decipher', '\x17\x03\x03\x00\x20'.padEnd(37, 'x')],
    ['is longer than records may be', '\x17\x03\x03\x7f\xff'.padEnd(32_772, 'x')],
  ])('a record that %s cuts the connection, without an end and without noise', async (_, record) => {
    const { relay, events, until } = await startServer()
    const client = await shaken(relay.port)
    client.write('half')
    await until('data half')
    relay.toServer!.write(Buffer.from(record, 'latin1'))
    await until('close')
    expect(events).toEqual(['open', 'data half', 'close'])
  })

  test('an end without close_notify leaves what is half as half', async () => {
    const { relay, events, until } = await startServer()
    const client = await shaken(relay.port)
    client.write('half')
    await until('data half')
    relay.toServer!.end()
    await until('end')
    expect(events).toEqual(['open', 'data half', 'end'])
  })

  test('our end says close_notify, and a cut does not', async () => {
    const isAlert = (octets: string) => octets.startsWith('\x15')
    for (const [finish, expected] of [
      ['end', true],
      ['close', true],
      ['destroy', false],
    ] as const) {
      const { relay, until, state } = await startServer()
      // In TLS 1.3 an alert looks like any other record.
      const client = await shaken(relay.port, { maxVersion: 'TLSv1.2' })
      client.write('x')
      await until('data x')
      relay.fromServer = ''
      const closed = new Promise<void>((resolve) => {
        relay.toServer!.once('end', resolve)
        relay.toServer!.once('close', () => resolve())
      })
      state.connection![finish]()
      await closed
      expect([finish, isAlert(relay.fromServer)]).toEqual([finish, expected])
    }
  })

  test('a peer that never answers our close_notify cannot keep a connection that is closed', async () => {
    const { relay, until, state } = await startServer()
    const client = await shaken(relay.port)
    client.write('x')
    await until('data x')
    relay.isFrozen = true
    state.connection!.close()
    await until('close')
    expect(state.connection!.isClosed).toBe(true)
  })
})
