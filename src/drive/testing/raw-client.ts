import { type Socket, connect } from 'node:net'

/** A connection on which a test sends and reads what it likes. */
export interface RawClient extends Disposable {
  readonly socket: Socket
  /** All that came, as one byte per character. */
  received(): string
  readonly closed: Promise<void>
}

export async function rawClient(port: number, text: string): Promise<RawClient> {
  const socket = connect(port, '127.0.0.1')
  const closed = Promise.withResolvers<void>()
  let received = ''
  socket.on('data', (bytes) => (received += bytes.toString('latin1')))
  socket.on('error', () => {})
  socket.on('close', () => closed.resolve())
  await new Promise<void>((resolve) => socket.once('connect', resolve))
  socket.write(text)
  return {
    socket,
    received: () => received,
    closed: closed.promise,
    [Symbol.dispose]: () => socket.destroy(),
  }
}
