import { createServer, type Socket } from 'node:net'

/** An app that keeps the head of every request it gets, and answers each with 200. */
export interface RecordingUpstream extends AsyncDisposable {
  readonly port: number
  /** Since `forget`, in order. */
  readonly heads: readonly string[]
  forget(): void
}

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
const COOKIES = [
  'HTTP/1.1 200 OK',
  'Set-Cookie: space_session=of-the-attacker; Path=/',
  'Set-Cookie: theme=dark; Domain=cloud.test',
  'X-Accel-Redirect: /admin',
  'Content-Length: 2',
  '',
  'ok',
].join('\r\n')

/** Listens on loopback; port 0 takes a free one. */
export async function startRecordingUpstream(port = 0): Promise<RecordingUpstream> {
  let heads: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    let pending = ''
    sockets.add(socket)
    socket.setEncoding('latin1')
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (text: string) => {
      pending += text
      for (let end = pending.indexOf('\r\n\r\n'); end >= 0; end = pending.indexOf('\r\n\r\n')) {
        const head = pending.slice(0, end)
        pending = pending.slice(end + 4)
        heads.push(head)
        socket.write(head.includes('sets-cookies') ? COOKIES : OK)
      }
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    get heads() {
      return heads
    },
    forget: () => void (heads = []),
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}
