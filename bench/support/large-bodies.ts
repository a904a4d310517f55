/** Sends bodies of any size through a gateway in its own process, and samples its memory. */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chunkOf, lastChunk, newBodyReader, type BodyReader } from '../../src/wire/index.ts'
import { treeRssMb } from './process.ts'
import { HOST, startOurs } from './proxies.ts'

export interface Transfer {
  readonly direction: 'up' | 'down'
  readonly framing: 'length' | 'chunked'
  readonly bytes: number
}

/** Memory of the gateway in RAM, in megabytes; `isExact`: every octet arrived, in order, and none more. */
export interface Carried {
  readonly beforeMb: number
  readonly peakMb: number
  readonly isExact: boolean
}

export interface LargeBodyStage extends Disposable {
  carry(transfer: Transfer): Promise<Carried>
}

/** Of a length that divides no buffer's, so that a piece that is lost, doubled or moved does not fit. */
const PATTERN = Buffer.from(Array.from({ length: 1_000_003 }, (_, at) => (at * 31 + (at >> 8)) & 0xff))
const SAMPLE_BYTES = 4_194_304

export async function startLargeBodyStage(): Promise<LargeBodyStage> {
  const folder = mkdtempSync(join(tmpdir(), 'ownspace-large-'))
  let onConnection: ((socket: Socket) => void) | null = null
  const origin = createServer((socket) => onConnection?.(socket.on('error', () => {})))
  origin.listen(0, '127.0.0.1')
  await once(origin, 'listening')
  const originPort = (origin.address() as AddressInfo).port
  const [gateway] = await startOurs({ folder, originPort, certificate: null }, false)
  const rssMb = () => treeRssMb(gateway!.pids)

  return {
    async carry(transfer) {
      const beforeMb = rssMb()
      let peakMb = beforeMb
      const arrived = Promise.withResolvers<boolean>()
      const receive = (socket: Socket, rest: Buffer) => {
        const check = newCheck(transfer, () => (peakMb = Math.max(peakMb, rssMb())), arrived.resolve)
        check(rest)
        socket.on('data', check).on('close', () => arrived.resolve(false))
      }
      const client = connect(gateway!.port, '127.0.0.1').on('error', () => arrived.resolve(false))
      onConnection = (socket) =>
        afterHead(socket, (rest) => {
          if (transfer.direction === 'up') return receive(socket, rest)
          void send(socket, `HTTP/1.1 200 OK\r\nConnection: close\r\n${framingLine(transfer)}\r\n`, transfer)
        })
      if (transfer.direction === 'up')
        void send(
          client,
          `POST /public/x HTTP/1.1\r\nHost: ${HOST}\r\n${framingLine(transfer)}\r\n`,
          transfer,
        )
      else {
        client.write(`GET /public/x HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`)
        afterHead(client, (rest) => receive(client, rest))
      }
      const isExact = await arrived.promise
      client.destroy()
      return { beforeMb, peakMb, isExact }
    },
    [Symbol.dispose]() {
      gateway![Symbol.dispose]()
      origin.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const framingLine = ({ framing, bytes }: Transfer): string =>
  framing === 'length' ? `Content-Length: ${bytes}\r\n` : 'Transfer-Encoding: chunked\r\n'

/** Calls back with what came behind the head. */
function afterHead(socket: Socket, next: (rest: Buffer) => void): void {
  let held = Buffer.alloc(0)
  const look = (bytes: Buffer) => {
    held = Buffer.concat([held, bytes])
    const end = held.indexOf('\r\n\r\n')
    if (end < 0) return
    socket.off('data', look)
    next(held.subarray(end + 4))
  }
  socket.on('data', look)
}

/** As fast as it is taken. */
async function send(socket: Socket, head: string, { framing, bytes }: Transfer): Promise<void> {
  socket.write(head)
  for (let sent = 0; sent < bytes && !socket.destroyed;) {
    const piece = PATTERN.subarray(0, bytes - sent)
    sent += piece.length
    if (!socket.write(framing === 'length' ? piece : chunkOf(piece))) await drained(socket)
  }
  if (framing === 'chunked') socket.write(lastChunk([]))
}

/** Or closed. */
function drained(socket: Socket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  socket.once('drain', resolve).once('close', resolve)
  return promise.finally(() => socket.off('drain', resolve).off('close', resolve))
}

/** Compares what arrives with what was sent; tells now and then that it goes on, and at the end whether it is the same. */
function newCheck(
  { framing, bytes }: Transfer,
  onProgress: () => void,
  onEnd: (isExact: boolean) => void,
): (piece: Buffer) => void {
  const reader: BodyReader = newBodyReader(
    framing === 'length' ? { kind: 'length', length: bytes } : { kind: 'chunked' },
  )
  let count = 0
  let sampledAt = 0
  return (piece) => {
    if (piece.length === 0) return
    const part = reader.read(piece)
    if (part.kind === 'parse-error' || !isPattern(part.payload, count)) return onEnd(false)
    count += part.payload.length
    if (count - sampledAt >= SAMPLE_BYTES) {
      sampledAt = count
      onProgress()
    }
    if (part.kind === 'end') onEnd(count === bytes && part.rest.length === 0)
  }
}

/** Whether these are the octets from `offset` on. */
function isPattern(payload: Buffer, offset: number): boolean {
  for (let at = 0; at < payload.length;) {
    const from = (offset + at) % PATTERN.length
    const length = Math.min(payload.length - at, PATTERN.length - from)
    if (payload.compare(PATTERN, from, from + length, at, at + length) !== 0) return false
    at += length
  }
  return true
}
