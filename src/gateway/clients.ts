import type { Connection, ConnectionHandler } from '../wire/index.ts'
import { ClientConnection, plainAddress } from './client-connection.ts'
import type { ClientEvents } from './client-events.ts'
import { clientNetwork } from './client-network.ts'
import type { GatewayLimits } from './limits.ts'

/** All client connections, and how many each network has. */
export class Clients {
  readonly #limits: GatewayLimits
  readonly #perNetwork = new Map<string, number>()
  readonly #open = new Set<ClientConnection>()
  #count = 0

  constructor(limits: GatewayLimits) {
    this.#limits = limits
  }

  [Symbol.iterator](): IterableIterator<ClientConnection> {
    return this.#open.values()
  }

  /** Whether a further connection may come from this address. */
  hasRoom(remoteAddress: string): boolean {
    const { connections, connectionsPerClient } = this.#limits
    const fromHere = this.#perNetwork.get(networkOf(remoteAddress)) ?? 0
    return this.#count < connections && fromHere < connectionsPerClient
  }

  /** Takes a connection in; it counts until `leave`, also while it is a tunnel. */
  enter(connection: Connection, events: ClientEvents): ConnectionHandler {
    const client = new ClientConnection(connection, events)
    this.#open.add(client)
    this.#count++
    const network = networkOf(connection.remoteAddress)
    this.#perNetwork.set(network, (this.#perNetwork.get(network) ?? 0) + 1)
    return client
  }

  /** It is no HTTP connection any more. */
  forget(client: ClientConnection): void {
    this.#open.delete(client)
  }

  /** The connection is closed. */
  leave(remoteAddress: string): void {
    const network = networkOf(remoteAddress)
    const left = (this.#perNetwork.get(network) ?? 1) - 1
    this.#count--
    if (left > 0) this.#perNetwork.set(network, left)
    else this.#perNetwork.delete(network)
  }
}

const networkOf = (remoteAddress: string): string => clientNetwork(plainAddress(remoteAddress))
