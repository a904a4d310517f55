import { connect, type Address, type Connection } from '../../wire/index.ts'
import type { GatewayLimits } from '../limits.ts'
import { UpstreamConnection } from './upstream-connection.ts'
import { UseWatch } from './use-watch.ts'

/** Kept-alive connections to upstreams, by address. */
export class UpstreamPool {
  readonly #limits: GatewayLimits
  readonly #idle = new Map<string, UpstreamConnection[]>()
  readonly #open = new Set<UpstreamConnection>()
  /** The addresses of pending connection attempts. */
  readonly #connecting = new Map<object, string>()
  /** Connections that became the upstream half of a tunnel, with their address. */
  readonly #piped = new Map<Connection, string>()
  readonly #watch = new UseWatch()

  constructor(limits: GatewayLimits) {
    this.#limits = limits
  }

  /**
   * The most recently used idle connection, if it is young enough: the longer a connection is idle, the likelier the
   * upstream is closing it.
   */
  takeIdle(address: Address, maxIdleMs: number): UpstreamConnection | null {
    const connections = this.#idle.get(address.key)
    const connection = connections?.at(-1)
    if (connection === undefined || Date.now() - connection.idleSinceMs > maxIdleMs) return null
    connections!.pop()
    return connection
  }

  /** Opens a connection. Rejects with the system's error, or `ETIMEDOUT` after the connect timeout. */
  async connect(address: Address): Promise<UpstreamConnection> {
    const { key } = address
    let opened: UpstreamConnection | null = null
    let timer: Timer | undefined
    const opening = connect(address, (connection) => {
      opened = new UpstreamConnection(connection, {
        key,
        maxHeadBytes: this.#limits.responseHeadBytes,
        onIdle: (idle) => this.#keep(key, idle),
        onGone: (gone) => {
          this.forgetPipe(connection)
          this.#forget(key, gone)
        },
        onPiped: (piped) => {
          this.#piped.set(connection, key)
          this.#forget(key, piped)
        },
      })
      this.#open.add(opened)
      return opened
    })
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(Object.assign(new Error('connect timed out'), { code: 'ETIMEDOUT' }))
        opening.then((connection) => connection.destroy()).catch(() => {})
      }, this.#limits.connectMs)
    })
    this.#connecting.set(opening, key)
    await Promise.race([opening, late]).finally(() => {
      clearTimeout(timer)
      this.#connecting.delete(opening)
      this.#watch.changed(key)
    })
    return opened!
  }

  /** The tunnel that the connection belonged to is closed. */
  forgetPipe(connection: Connection): void {
    const key = this.#piped.get(connection)
    if (key === undefined) return
    this.#piped.delete(connection)
    this.#watch.changed(key)
  }

  /** Resolves when no request is under way to an address that gets no new ones, and its idle connections are closed. */
  async untilUnused({ key }: Address): Promise<void> {
    this.#closeIdle(key)
    await this.#watch.untilUnused(key, (of) => this.#isUsed(of))
    this.#closeIdle(key)
  }

  #isUsed(key: string): boolean {
    for (const connection of this.#open) if (connection.key === key && connection.isBusy) return true
    for (const attempted of this.#connecting.values()) if (attempted === key) return true
    for (const piped of this.#piped.values()) if (piped === key) return true
    return false
  }

  /** An app that stops on SIGTERM may wait for idle connections to close. */
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
    connection.idleSinceMs = Date.now()
    const connections = this.#idle.get(key)
    if (connections === undefined) this.#idle.set(key, [connection])
    else if (connections.length < this.#limits.upstreamIdleConnections) connections.push(connection)
    else connection.retire()
    this.#watch.changed(key)
  }

  #forget(key: string, connection: UpstreamConnection): void {
    this.#open.delete(connection)
    this.#watch.changed(key)
    const connections = this.#idle.get(key)
    const at = connections?.indexOf(connection) ?? -1
    if (at >= 0) connections!.splice(at, 1)
    if (connections?.length === 0) this.#idle.delete(key)
  }
}
