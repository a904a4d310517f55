import type { Socket } from 'bun'
import type { SecureContext } from 'node:tls'
import type { Connection } from './connection.ts'

/**
 * Which certificate is shown to whom. `choose` is asked at every handshake, so that certificates may change while
 * connections stay; its name is as the client wrote it. `fallback` is for clients that name no host, and stays what
 * it was when listening began: Bun offers no way to change it.
 */
export interface ServerTls {
  readonly fallback: SecureContext
  choose(serverName: string): SecureContext
}

/** What we speak inside, as ALPN writes it (RFC 7301, 3.1). A client that insists on something else is refused. */
const ALPN = Buffer.from('\x08http/1.1')

/**
 * For `Bun.listen`. Certificates by name are missing in its types, but node:tls is made of them; a server of node:tls
 * itself costs 5 µs of CPU more per request. Versions and ciphers are the contexts' own.
 */
export const tlsOptions = ({ fallback }: ServerTls): object => ({
  tls: { secureContext: nativeContext(fallback), ALPNProtocols: ALPN },
})

export const tlsEvents = (tls: ServerTls): object => ({
  serverName: (_listenerData: unknown, name: string) => nativeContext(tls.choose(name)),
  // With this event, `open` comes before the handshake: whoever dribbles it is a connection like any other.
  handshake(socket: Socket<Connection | undefined>, isDone: boolean) {
    if (!isDone) socket.data?.destroy()
  },
})

const nativeContext = (context: SecureContext): unknown => (context as { context?: unknown }).context

/** Octets that cannot be deciphered, or an alert: the peer's fault, or somebody's between us. */
export const isTlsFault = (error: Error): boolean => (error as NodeJS.ErrnoException).code === 'EPROTO'
