import type { Socket } from 'bun'
import type { SecureContext } from 'node:tls'
import type { Connection } from './connection.ts'

/**
 * The certificate for each client. `choose` is called at every handshake with the name as the client wrote it, so that
 * certificates can change while connections stay. `fallback` is for clients that send no name; it cannot change while
 * we listen, because Bun offers no way to replace it.
 */
export interface ServerTls {
  readonly fallback: SecureContext
  choose(serverName: string): SecureContext
}

/** The protocol inside TLS, in the form of ALPN (RFC 7301, 3.1). A client that offers only others is refused. */
const ALPN = Buffer.from('\x08http/1.1')

/**
 * For `Bun.listen`. Certificates by name are missing in its types, but node:tls is built on them; a server of node:tls
 * itself costs 5 µs of CPU more per request. Versions and ciphers are the contexts' own.
 */
export const tlsOptions = ({ fallback }: ServerTls): object => ({
  tls: { secureContext: nativeContext(fallback), ALPNProtocols: ALPN },
})

export const tlsEvents = (tls: ServerTls): object => ({
  serverName: (_listenerData: unknown, name: string) => nativeContext(tls.choose(name)),
  // With this event, `open` comes before the handshake: a client that dribbles its handshake is counted and timed out.
  handshake(socket: Socket<Connection | undefined>, isDone: boolean) {
    if (!isDone) socket.data?.destroy()
  },
})

const nativeContext = (context: SecureContext): unknown => (context as { context?: unknown }).context

/** Octets that cannot be decrypted, or an alert: caused by the peer or by a middlebox, not by us. */
export const isTlsError = (error: Error): boolean => (error as NodeJS.ErrnoException).code === 'EPROTO'
