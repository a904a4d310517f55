/** A real upstream for tests: a plain TCP or Unix server that keeps every byte it receives and answers by a script. */
import { createServer, type Server, type Socket } from 'node:net'
import { inTime } from '../../kernel/testing/until.ts'

export interface UpstreamRequest {
  /** Request line and header lines, with the empty line. */
  readonly head: string
  readonly socket: Socket
  /** Index of the connection, and of the request on it, from 0. */
  readonly connection: number
  readonly index: number
}

export interface RawUpstream extends AsyncDisposable {
  readonly port: number
  /** One entry per connection: everything received, one character per byte. */
  readonly received: readonly string[]
  /** All heads received, in order. */
  readonly heads: readonly string[]
  /** Resolves as soon as `isTrue` returns true, checked whenever bytes arrive or a connection closes. */
  until(isTrue: (upstream: RawUpstream) => boolean): Promise<void>
  readonly openConnections: number
}

export type Script = ((request: UpstreamRequest) => void) & { answersAtHead?: boolean }

/** Calls the script as soon as the head of a request has arrived, without waiting for its body. */
export const atHead = (script: Script): Script => Object.assign(script.bind(null), { answersAtHead: true })

/** Answers each request, once it is complete, by writing `answer` as it is. */
export const always =
  (answer: string | Buffer): Script =>
  ({ socket }) =>
    void socket.write(answer)

export const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

/** Answers with more than all buffers on the way can hold. */
export const tooMuch: Script = ({ socket }) => {
  socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n')
  socket.write(Buffer.alloc(100_000_000))
}

/** Listens on a free loopback port, or on a unix socket. */
export async function startRawUpstream(script: Script = always(OK), path?: string): Promise<RawUpstream> {
  const received: string[] = []
  const heads: string[] = []
  const sockets = new Set<Socket>()
  const waiting: { isTrue: (upstream: RawUpstream) => boolean; resolve: () => void }[] = []
  const look = () => {
    for (const entry of waiting.slice()) {
      if (!entry.isTrue(upstream)) continue
      waiting.splice(waiting.indexOf(entry), 1)
      entry.resolve()
    }
  }
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    const connection = received.push('') - 1
    let pending = ''
    let index = 0
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => {
      sockets.delete(socket)
      look()
    })
    socket.on('data', (bytes) => {
      received[connection] += bytes.toString('latin1')
      pending += bytes.toString('latin1')
      const take = () => takeRequest(pending, script.answersAtHead === true)
      for (let request = take(); request !== null; request = take()) {
        pending = pending.slice(request.length)
        heads.push(request.head)
        script({ head: request.head, socket, connection, index: index++ })
      }
      look()
    })
    socket.on('end', () => socket.end())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    if (path === undefined) server.listen(0, '127.0.0.1', resolve)
    else server.listen(path, resolve)
  })
  const address = server.address()
  const upstream: RawUpstream = {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    received,
    heads,
    get openConnections() {
      return sockets.size
    },
    until(isTrue) {
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.push({ isTrue, resolve })
      look()
      return inTime(
        () => `${isTrue} of an upstream that has received ${JSON.stringify(received.join().slice(-2_000))}`,
        promise,
      )
    },
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
  return upstream
}

/** The first request of `text`, if its head is complete, with its Content-Length body, if that is complete. */
function takeRequest(text: string, isHeadEnough: boolean): { head: string; length: number } | null {
  const headEnd = text.indexOf('\r\n\r\n')
  if (headEnd < 0) return null
  const head = text.slice(0, headEnd + 4)
  if (isHeadEnough) return { head, length: head.length }
  const length = Number(/^content-length:[\t ]*(\d+)/im.exec(head)?.[1] ?? 0)
  if (text.length < head.length + length) return null
  if (!/^transfer-encoding: *chunked/im.test(head)) return { head, length: head.length + length }
  const end = endOfChunks(text, head.length)
  return end === null ? null : { head, length: end }
}

/** The end of the chunked body that begins at `start`, if it is complete. */
function endOfChunks(text: string, start: number): number | null {
  for (let at = start; ;) {
    const line = text.indexOf('\r\n', at)
    if (line < 0) return null
    const size = Number.parseInt(text.slice(at, line), 16)
    if (size === 0) return endOfTrailers(text, line)
    at = line + 2 + size + 2
  }
}

function endOfTrailers(text: string, line: number): number | null {
  const end = text.indexOf('\r\n\r\n', line)
  return end < 0 ? null : end + 4
}
