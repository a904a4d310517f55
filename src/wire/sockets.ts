import type { Socket, SocketHandler } from 'bun'
import { Connection, type ConnectionHandler } from './connection.ts'

export interface Listener {
  readonly port: number
  /** Takes no new connections; open ones stay. */
  stop(): void
}

export interface ListenOptions {
  /** An address, without brackets. */
  readonly hostname: string
  /** 0 takes a free one. */
  readonly port: number
  /** Several processes may listen on the same port; the kernel shares connections out. */
  readonly reusePort: boolean
  /** Called for every connection; returns who is told about it. Null refuses it. */
  readonly onConnection: (remoteAddress: string) => ((connection: Connection) => ConnectionHandler) | null
}

/** Listens on TCP. Throws when the address or port cannot be had. */
export function listen(options: ListenOptions): Listener {
  const server = Bun.listen<Connection | undefined>({
    hostname: options.hostname,
    port: options.port,
    allowHalfOpen: true,
    // Missing in Bun's types for listen, but read.
    ...({ reusePort: options.reusePort } as object),
    socket: {
      ...SOCKET_EVENTS,
      open(socket) {
        const accept = options.onConnection(socket.remoteAddress)
        if (accept === null) socket.terminate()
        else open(socket, accept)
      },
    },
  })
  return { port: server.port, stop: () => server.stop(false) }
}

/** Where to connect to. `key` is the same for the same place. */
export type Address =
  | { readonly kind: 'tcp'; readonly key: string; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly key: string; readonly path: string }

/** Connects to a peer. Rejects with the system's error, `code` among others `ECONNREFUSED` or `ENOENT`. */
export async function connect(
  address: Address,
  accept: (connection: Connection) => ConnectionHandler,
): Promise<Connection> {
  const socket: SocketHandler<Connection | undefined> = {
    ...SOCKET_EVENTS,
    open: (socket) => open(socket, accept),
    connectError() {},
  }
  const opened = await (address.kind === 'unix'
    ? Bun.connect<Connection | undefined>({ unix: address.path, socket, allowHalfOpen: true })
    : Bun.connect<Connection | undefined>({
        hostname: address.host,
        port: address.port,
        socket,
        allowHalfOpen: true,
      }))
  return opened.data!
}

function open(
  socket: Socket<Connection | undefined>,
  accept: (connection: Connection) => ConnectionHandler,
): void {
  const connection = new Connection(socket as Socket<Connection>, UNHEARD, socket.remoteAddress ?? '')
  socket.data = connection
  connection.handler = accept(connection)
}

const UNHEARD: ConnectionHandler = { onData() {}, onDrain() {}, onEnd() {}, onClose() {}, onFailure() {} }

/** Shared by all sockets, so that a connection costs no closures. */
const SOCKET_EVENTS = {
  data(socket: Socket<Connection | undefined>, bytes: Buffer) {
    socket.data?.handleData(bytes)
  },
  drain(socket: Socket<Connection | undefined>) {
    socket.data?.handleDrain()
  },
  end(socket: Socket<Connection | undefined>) {
    socket.data?.handleEnd()
  },
  close(socket: Socket<Connection | undefined>, error?: Error) {
    socket.data?.handleClose(error !== undefined)
  },
  error(socket: Socket<Connection | undefined>, error: Error) {
    socket.data?.handler.onFailure(error)
    socket.terminate()
  },
}
