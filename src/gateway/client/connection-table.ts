import type { Connection, ConnectionHandler } from '../../wire/index.ts'
import { ClientConnection, plainAddress } from './client-connection.ts'
import type { ClientEvents } from './client-events.ts'
import { clientNetwork } from './client-network.ts'
import type { GatewayLimits } from '../limits.ts'
import type { IsTrustedProxy } from '../headers/trusted-proxies.ts'

/** By which door a client comes. */
export type Side = 'outside' | 'inside'

/** No address: micros are counted together, and apart from whoever else comes from this machine's loopback. */
const MICROS = 'micros'

/** All client connections, and how many each network has. */
export class Clients {
  readonly #limits: GatewayLimits
  readonly #isTrustedProxy: IsTrustedProxy
  /** Of every connection, tunnels included. */
  readonly #networks = new Map<Connection, string>()
  readonly #perNetwork = new Map<string, number>()
  readonly #open = new Set<ClientConnection>()

  constructor(limits: GatewayLimits, isTrustedProxy: IsTrustedProxy) {
    this.#limits = limits
    this.#isTrustedProxy = isTrustedProxy
  }

  [Symbol.iterator](): IterableIterator<ClientConnection> {
    return this.#open.values()
  }

  /**
   * Whether a further connection may come from this address. A trusted proxy brings everybody: bounded as one client, a
   * single visitor of its could lock out all others.
   */
  hasRoom(side: Side, remoteAddress: string): boolean {
    const { connections, connectionsPerClient } = this.#limits
    if (this.#networks.size >= connections) return false
    if (side === 'outside' && this.#isTrustedProxy(plainAddress(remoteAddress))) return true
    return (this.#perNetwork.get(networkOf(side, remoteAddress)) ?? 0) < connectionsPerClient
  }

  /** Takes a connection in; it counts until `leave`, also while it is a tunnel. */
  enter(side: Side, connection: Connection, events: ClientEvents): ConnectionHandler {
    const client = new ClientConnection(connection, events)
    this.#open.add(client)
    const network = networkOf(side, connection.remoteAddress)
    this.#networks.set(connection, network)
    this.#perNetwork.set(network, (this.#perNetwork.get(network) ?? 0) + 1)
    return client
  }

  /** What a connection counts as. */
  networkOf(side: Side, remoteAddress: string): string {
    return networkOf(side, remoteAddress)
  }

  /** It is no HTTP connection any more. */
  forget(client: ClientConnection): void {
    this.#open.delete(client)
  }

  /** The connection is closed. */
  leave(connection: Connection): void {
    const network = this.#networks.get(connection)
    if (network === undefined) return
    this.#networks.delete(connection)
    const left = (this.#perNetwork.get(network) ?? 1) - 1
    if (left > 0) this.#perNetwork.set(network, left)
    else this.#perNetwork.delete(network)
  }
}

const networkOf = (side: Side, remoteAddress: string): string =>
  side === 'inside' ? MICROS : clientNetwork(plainAddress(remoteAddress))
