/**
 * The upstream of the benchmarks: answers GET /…/<bytes> with so many bytes, any other method with two after it has
 * read the body, and an upgrade by echoing. As light as can be, so that it is never what is measured. Prints its port.
 */
import type { Socket } from 'bun'
import { newBodyReader, readRequestHead, type BodyReader } from '../../src/wire/index.ts'

interface State {
  held: Buffer
  body: BodyReader | null
  isEcho: boolean
  unsent: Uint8Array[]
}

const NOTHING = Buffer.alloc(0)
const answers = new Map<string, Buffer>()

const server = Bun.listen<State>({
  hostname: '127.0.0.1',
  port: 0,
  socket: {
    open(socket) {
      socket.data = { held: NOTHING, body: null, isEcho: false, unsent: [] }
    },
    data(socket, bytes) {
      const { data } = socket
      if (data.isEcho) return send(socket, bytes)
      data.held = data.held.length === 0 ? bytes : Buffer.concat([data.held, bytes])
      while (data.held.length > 0 && step(socket));
    },
    drain(socket) {
      const unsent = socket.data.unsent.splice(0)
      for (const bytes of unsent) send(socket, bytes)
    },
    error() {},
  },
})
console.log(server.port)

function step(socket: Socket<State>): boolean {
  const { data } = socket
  if (data.body !== null) {
    const part = data.body.read(data.held)
    data.held = part.kind === 'end' ? part.rest : NOTHING
    if (part.kind !== 'end') return false
    data.body = null
    send(socket, answerTo('/2'))
    return true
  }
  const head = readRequestHead(data.held)
  if (head.kind !== 'request') return false
  data.held = data.held.subarray(head.byteLength)
  if (head.upgrade !== null) {
    data.isEcho = true
    send(
      socket,
      Buffer.from('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
    )
  } else if (head.framing.kind !== 'none') data.body = newBodyReader(head.framing)
  else send(socket, answerTo(head.target))
  return true
}

function answerTo(target: string): Buffer {
  const size = target.slice(target.lastIndexOf('/') + 1)
  const known = answers.get(size)
  if (known !== undefined) return known
  const body = Buffer.alloc(Number(size) || 0, 'x')
  const head = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nDate: Sat, 21 Nov 2026 20:00:00 GMT\r\nContent-Length: ${body.length}\r\n\r\n`
  const answer = Buffer.concat([Buffer.from(head), body])
  answers.set(size, answer)
  return answer
}

function send(socket: Socket<State>, bytes: Uint8Array): void {
  const { unsent } = socket.data
  if (unsent.length > 0) return void unsent.push(bytes)
  const written = socket.write(bytes)
  if (written >= 0 && written < bytes.length) unsent.push(bytes.subarray(written))
}
