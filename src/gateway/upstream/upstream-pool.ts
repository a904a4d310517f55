import { connect, type Address } from '../../wire/index.ts'
import type { GatewayLimits } from '../limits.ts'
import { UpstreamUses } from '../upstream-uses.ts'
import { UpstreamConnection } from './upstream-connection.ts'

/** Kept-alive connections to upstreams, by address. */
export class UpstreamPool {
  readonly #limits: GatewayLimits
  readonly #idle = new Map<string, UpstreamConnection[]>()
  /** Those of tunnels, which leave the pool, are ended by their tunnel. */
  readonly uses = new UpstreamUses()
  readonly #open = new Set<UpstreamConnection>()

  constructor(limits: GatewayLimits) {
    this.#limits = limits
  }

  /** The idle connection that was used last, if it is young enough; the longer it idles the likelier it is dying. */
  takeIdle(address: Address, maxIdleMs: number): UpstreamConnection | null {
    const connections = this.#idle.get(address.key)
    const connection = connections?.at(-1)
    if (connection === undefined || Date.now() - connection.idleSinceMs > maxIdleMs) return null
    connections!.pop()
    this.uses.begin(connection.connection, address.key)
    return connection
  }

  /** Opens a connection. Rejects with the system's error, or `ETIMEDOUT` after the connect timeout. */
  async connect(address: Address): Promise<UpstreamConnection> {
    const { key } = address
    let opened: UpstreamConnection | null = null
    let timer: Timer | undefined
    const opening = connect(address, (connection) => {
      opened = new UpstreamConnection(connection, {
        onIdle: (idle) => this.#keep(key, idle),
        onGone: (gone) => {
          this.uses.end(connection)
          this.#forget(key, gone)
        },
        onPiped: (piped) => this.#forget(key, piped),
      })
      this.#open.add(opened)
      this.uses.begin(connection, key)
      return opened
    })
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(Object.assign(new Error('connect timed out'), { code: 'ETIMEDOUT' }))
        opening.then((connection) => connection.destroy()).catch(() => {})
      }, this.#limits.connectMs)
    })
    this.uses.begin(opening, key)
    await Promise.race([opening, late]).finally(() => {
      clearTimeout(timer)
      this.uses.end(opening)
    })
    return opened!
  }

  /** Resolves when nothing is under way to an address that gets no new requests; no idle connection is left then. */
  async untilUnused({ key }: Address): Promise<void> {
    this.#closeIdle(key)
    await this.uses.whenUnused(key)
    this.#closeIdle(key)
  }

  /** An app that ends on SIGTERM may wait for them. */
  #closeIdle(key: string): void {
    for (const connection of this.#idle.get(key)?.slice() ?? []) connection.retire()
  }

  /** Closes connections that have idled too long. */
  sweep(nowMs: number): void {
    for (const connections of this.#idle.values()) {
      while (connections.length > 0 && nowMs - connections[0]!.idleSinceMs > this.#limits.upstreamIdleMs)
        connections.shift()!.retire()
    }
  }

  /** Closes everything, exchanges under way included. */
  closeAll(): void {
    for (const connection of this.#open) connection.abandon()
  }

  #keep(key: string, connection: UpstreamConnection): void {
    this.uses.end(connection.connection)
    connection.idleSinceMs = Date.now()
    const connections = this.#idle.get(key)
    if (connections === undefined) this.#idle.set(key, [connection])
    else if (connections.length < this.#limits.upstreamIdleConnections) connections.push(connection)
    else connection.retire()
  }

  #forget(key: string, connection: UpstreamConnection): void {
    this.#open.delete(connection)
    const connections = this.#idle.get(key)
    const at = connections?.indexOf(connection) ?? -1
    if (at >= 0) connections!.splice(at, 1)
    if (connections?.length === 0) this.#idle.delete(key)
  }
}
