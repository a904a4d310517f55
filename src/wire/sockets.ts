import type { Socket, SocketHandler } from 'bun'
import { Connection, type ConnectionHandler } from './connection.ts'
import { isTlsError, tlsEvents, tlsOptions, type ServerTls } from './tls.ts'

export interface Listener {
  readonly port: number
  /** Accepts no new connections; open ones stay. */
  stop(): void
}

export interface ListenOptions {
  /** An address, without brackets. */
  readonly hostname: string
  /** 0 takes a free port. */
  readonly port: number
  /** Several processes may listen on the same port; the kernel distributes the connections. */
  readonly reusePort: boolean
  /** Every connection begins with a TLS handshake; null or missing: octets are plain. */
  readonly tls?: ServerTls | null
  /** Called for every connection; returns what makes its handler. Null refuses the connection. */
  readonly onConnection: (remoteAddress: string) => ((connection: Connection) => ConnectionHandler) | null
}

/**
 * Listens on TCP, with or without TLS. Throws when the address or port is not available. A TLS connection is opened at
 * its first octet; one that never completes its handshake gets only `onClose`. An end without the peer's close_notify
 * counts as an end: HTTP messages carry their own length.
 */
export function listen(options: ListenOptions): Listener {
  const { tls } = options
  const server = Bun.listen<Connection | undefined>({
    hostname: options.hostname,
    port: options.port,
    allowHalfOpen: true,
    // Missing in Bun's types for listen, but read.
    ...({ reusePort: options.reusePort } as object),
    ...(tls ? tlsOptions(tls) : {}),
    socket: {
      ...SOCKET_EVENTS,
      ...(tls ? tlsEvents(tls) : {}),
      open(socket) {
        const accept = options.onConnection(socket.remoteAddress)
        if (accept === null) socket.terminate()
        else open(socket, accept)
      },
    },
  })
  return { port: server.port, stop: () => server.stop(false) }
}

/** Where to connect to. Equal addresses have equal keys. */
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

/** Interval of TCP keep-alive probes on a quiet connection. */
const KEEP_ALIVE_MS = 60_000

function open(
  socket: Socket<Connection | undefined>,
  accept: (connection: Connection) => ConnectionHandler,
): void {
  // A TCP peer may vanish without closing, and a quiet stream would never notice.
  if (socket.remoteAddress) socket.setKeepAlive(true, KEEP_ALIVE_MS)
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
    const connection = socket.data
    if (connection === undefined) return void socket.terminate()
    if (!isTlsError(error)) connection.handler.onFailure(error)
    // The message is cut, so `onEnd` is not called.
    connection.destroy()
  },
}
