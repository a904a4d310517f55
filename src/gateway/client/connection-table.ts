import { clientNetwork } from '../../kernel/client-network.ts'
import type { Connection, ConnectionHandler } from '../../wire/index.ts'
import { ClientConnection } from './client-connection.ts'
import type { ClientEvents } from './client-events.ts'
import type { GatewayLimits } from '../limits.ts'
import type { IsTrustedProxy } from '../headers/trusted-proxies.ts'

/** The listener by which a client connects: the public one, or the one for micros. */
export type Side = 'outside' | 'inside'

/** Share of all connections that micros may have together: visitors keep the other half. */
const INSIDE_SHARE = 1 / 2
/** Share of the micros' connections that one instance may have: the others keep the rest. */
const INSTANCE_SHARE = 1 / 4

/** All client connections, and how many each network has. */
export class ConnectionTable {
  readonly #limits: GatewayLimits
  readonly #isTrustedProxy: IsTrustedProxy
  /** The network of every connection, tunnels included. */
  readonly #networks = new Map<Connection, string>()
  readonly #perNetwork = new Map<string, number>()
  #insideCount = 0
  readonly #clients = new Map<Connection, ClientConnection>()

  constructor(limits: GatewayLimits, isTrustedProxy: IsTrustedProxy) {
    this.#limits = limits
    this.#isTrustedProxy = isTrustedProxy
  }

  [Symbol.iterator](): IterableIterator<ClientConnection> {
    return this.#clients.values()
  }

  /**
   * Whether a further connection may come from this address. A trusted proxy carries all visitors: if it were bounded
   * as one client, a single visitor could lock out all others. Each instance has an address of its own, which its relay
   * binds outside the sandbox.
   */
  mayConnect(side: Side, remoteAddress: string): boolean {
    const { connections, connectionsPerClient } = this.#limits
    if (this.#networks.size >= connections) return false
    if (side === 'outside' && this.#isTrustedProxy(remoteAddress)) return true
    const count = this.#perNetwork.get(networkOf(side, remoteAddress)) ?? 0
    if (side === 'outside') return count < connectionsPerClient
    const insideMost = Math.ceil(connections * INSIDE_SHARE)
    const instanceMost = Math.min(connectionsPerClient, Math.ceil(insideMost * INSTANCE_SHARE))
    return count < instanceMost && this.#insideCount < insideMost
  }

  /** Adds a connection; it counts until `remove`, also while it is a tunnel. */
  add(side: Side, connection: Connection, events: ClientEvents): ConnectionHandler {
    const client = new ClientConnection(connection, events)
    this.#clients.set(connection, client)
    const network = networkOf(side, connection.remoteAddress)
    this.#networks.set(connection, network)
    this.#perNetwork.set(network, (this.#perNetwork.get(network) ?? 0) + 1)
    if (isInside(network)) this.#insideCount += 1
    return client
  }

  /** The network under which a connection is counted. */
  networkOf(side: Side, remoteAddress: string): string {
    return networkOf(side, remoteAddress)
  }

  /** The connection has become a tunnel: it still counts, but is not a client any more. */
  forget(connection: Connection): void {
    this.#clients.delete(connection)
  }

  /** The connection is closed. */
  remove(connection: Connection): void {
    const network = this.#networks.get(connection)
    if (network === undefined) return
    this.#networks.delete(connection)
    if (isInside(network)) this.#insideCount -= 1
    const left = (this.#perNetwork.get(network) ?? 1) - 1
    if (left > 0) this.#perNetwork.set(network, left)
    else this.#perNetwork.delete(network)
  }
}

/** Prefix that separates addresses of micros from the same loopback addresses at the public listener. */
const INSIDE = 'inside '
const isInside = (network: string): boolean => network.startsWith(INSIDE)

const networkOf = (side: Side, remoteAddress: string): string =>
  `${side === 'inside' ? INSIDE : ''}${clientNetwork(remoteAddress)}`
