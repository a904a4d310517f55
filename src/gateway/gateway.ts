import type { Grant } from '../access/index.ts'
import { HeadWriter, listen, type Connection, type Listener, type ServerTls } from '../wire/index.ts'
import { activeMicros } from './upstream/active-micros.ts'
import type { ClientEvents } from './client/client-events.ts'
import { ConnectionTable, type Side } from './client/connection-table.ts'
import type { GatewayContext } from './context.ts'
import { cookieNames } from './headers/cookies.ts'
import { parseErrorAnswer } from './respond/parse-error-answer.ts'
import { IdentitySigner } from './headers/identity.ts'
import { KeyRates } from './request/key-rates.ts'
import { GATEWAY_LIMITS } from './limits.ts'
import { withinOpenFiles } from './client/open-files.ts'
import { writeAnswer } from './respond/local-responder.ts'
import type { GatewayOptions } from './options.ts'
import { redirectToHttps } from './request/redirect-to-https.ts'
import { RefusedConnections } from './client/refused-connections.ts'
import { requestIds } from './request/request-ids.ts'
import { internalContext, serveInternal } from './request/internal-listener.ts'
import { serveRequest } from './request/serve-request.ts'
import { createFileCache } from './static/index.ts'
import { trustedProxies } from './headers/trusted-proxies.ts'
import { Tunnel } from './client/tunnel.ts'
import { MicroUpstreams, addressOf, unixAddress } from './upstream/upstream.ts'
import { UpstreamPool } from './upstream/upstream-pool.ts'

interface Ports {
  readonly port: number
  readonly httpPort: number | null
  readonly insidePort: number | null
}

interface ListenerSpec {
  readonly side: Side
  readonly hostnames: readonly string[]
  readonly reusePort: boolean
  readonly tls: ServerTls | null
  /** The scheme that browsers use here: over http they accept no `Secure` cookie. */
  readonly scheme: 'http' | 'https'
  readonly serve: ClientEvents['serve']
}

/** A running gateway: its listeners, its connections, and what ends them. */
export class Gateway {
  readonly #context: GatewayContext
  readonly #clients: ConnectionTable
  readonly #refused: RefusedConnections
  readonly #tunnels = new Map<Tunnel, Grant | null>()
  readonly #stopListening: () => void
  readonly #timer: Timer
  #listeners: Listener[] = []
  #onEmpty: (() => void) | null = null

  constructor(options: GatewayOptions) {
    const { directory, settings, platformSocket, dataSocket, log } = options
    const limits = withinOpenFiles({ ...GATEWAY_LIMITS, ...options.limits })
    const isTrustedProxy = trustedProxies(settings.trustedProxies ?? [])
    this.#clients = new ConnectionTable(limits, isTrustedProxy)
    this.#context = {
      settings,
      directory,
      log,
      limits,
      cookieNames: cookieNames(settings.scheme),
      pool: new UpstreamPool(limits),
      upstreams: new MicroUpstreams(directory),
      platform: {
        source: 'platform',
        address: unixAddress(platformSocket),
        wake: null,
        server: 'bun',
        isHung: () => directory.isPlatformHung,
      },
      data:
        dataSocket === undefined
          ? null
          : { source: 'data', address: unixAddress(dataSocket), wake: null, server: 'bun' },
      out: new HeadWriter(),
      files: createFileCache(),
      identities: new IdentitySigner(),
      keyRates: new KeyRates(),
      endsTls: options.tls != null,
      isTrustedProxy,
      openTunnel: (client, upstream, grant) => this.#openTunnel(client, upstream, grant),
    }
    this.#refused = new RefusedConnections(limits, this.#context.out, log)
    this.#stopListening = directory.onRevoked((instanceId) => this.#recheckGrants(instanceId))
    directory.reportActive(() => activeMicros(this.#context.upstreams, this.#openGrants()))
    directory.reportDrained((address) => this.#context.pool.untilUnused(addressOf(address)))
    this.#timer = setInterval(() => this.#sweep(Date.now()), limits.sweepMs)
  }

  /** Begins to listen; throws if an address or a port is not available. Returns the ports. */
  listen(options: GatewayOptions): Ports {
    const context = this.#context
    const inside = internalContext(context)
    const main: ListenerSpec = {
      side: 'outside',
      hostnames: options.listen,
      reusePort: options.reusePort ?? false,
      tls: options.tls?.certificates ?? null,
      scheme: context.settings.scheme,
      serve: (exchange) => serveRequest(exchange, context),
    }
    const plain: ListenerSpec = {
      ...main,
      tls: null,
      scheme: 'http',
      serve: (exchange) => redirectToHttps(exchange, context),
    }
    const internal: ListenerSpec = {
      ...main,
      side: 'inside',
      hostnames: ['127.0.0.1'],
      serve: (exchange) => serveInternal(exchange, inside),
    }
    try {
      return {
        port: this.#open(main, options.port),
        httpPort: this.#openIf(plain, options.tls?.httpPort),
        insidePort: this.#openIf(internal, options.insidePort),
      }
    } catch (error) {
      this.#stop()
      throw error
    }
  }

  #openIf(spec: ListenerSpec, port: number | null | undefined): number | null {
    return port == null ? null : this.#open(spec, port)
  }

  #open({ side, hostnames, reusePort, tls, scheme, serve }: ListenerSpec, port: number): number {
    const events = this.#clientEvents(serve, scheme)
    let chosen = port
    for (const hostname of hostnames) {
      const listener = listen({
        hostname,
        port: chosen,
        reusePort,
        tls,
        onConnection: (address) =>
          this.#clients.mayConnect(side, address)
            ? (connection) => this.#clients.add(side, connection, events)
            : this.#refused.refuse(this.#clients.networkOf(side, address)),
      })
      this.#listeners.push(listener)
      chosen = listener.port
    }
    return chosen
  }

  #clientEvents(serve: ClientEvents['serve'], scheme: ListenerSpec['scheme']): ClientEvents {
    const context = this.#context
    return {
      limits: context.limits,
      out: context.out,
      newRequestId: requestIds(),
      serve,
      refuseMessage: (error, message) =>
        writeAnswer(message.response, parseErrorAnswer(error, message, { scheme, limits: context.limits })),
      onFailure: (error, requestId) => context.log.error('connection failed', { request: requestId }, error),
      onReleased: (connection) => this.#clients.forget(connection),
      onClose: (connection) => {
        this.#clients.forget(connection)
        this.#removed(connection)
      },
    }
  }

  #removed(connection: Connection): void {
    this.#clients.remove(connection)
    if (this.#isEmpty()) this.#onEmpty?.()
  }

  #isEmpty(): boolean {
    return this.#tunnels.size === 0 && this.#clients[Symbol.iterator]().next().done === true
  }

  #openTunnel(client: Connection, upstream: Connection, grant: Grant | null): void {
    const tunnel = new Tunnel(client, upstream, () => {
      this.#tunnels.delete(tunnel)
      this.#context.pool.forgetPipe(upstream)
      this.#removed(client)
    })
    this.#tunnels.set(tunnel, grant)
  }

  /** The grants of requests under way and of tunnels. */
  *#openGrants(): Generator<Grant | null> {
    for (const client of this.#clients) yield client.exchange?.grant ?? null
    yield* this.#tunnels.values()
  }

  /** Ends what a revoked right had admitted: an answer half sent, a stream, a WebSocket. */
  #recheckGrants(instanceId: string | null): void {
    const isLost = (grant: Grant | null | undefined): boolean =>
      grant != null &&
      (instanceId === null || grant.instanceId === instanceId) &&
      !this.#context.directory.isGrantValid(grant, Date.now())
    for (const client of this.#clients) if (isLost(client.exchange?.grant)) client.abort()
    for (const [tunnel, grant] of this.#tunnels) if (isLost(grant)) tunnel.cut()
  }

  #sweep(nowMs: number): void {
    const { limits, pool } = this.#context
    for (const client of this.#clients) client.checkDeadlines(nowMs)
    for (const tunnel of this.#tunnels.keys()) tunnel.checkDeadlines(nowMs, limits)
    pool.sweep(nowMs)
    this.#refused.sweep(nowMs)
  }

  /** Accepts no new connections, lets requests under way finish until the deadline, then cuts the rest. */
  async close(): Promise<void> {
    this.#stopListeners()
    for (const client of this.#clients) client.closeWhenIdle()
    for (const tunnel of this.#tunnels.keys()) tunnel.cut()
    await this.#emptyOrLate(this.#context.limits.drainMs)
    this.#stop()
  }

  /**
   * Leaves the port to other processes: a connection is kept until an answer has told its client to close it, streams
   * and tunnels longer.
   */
  async retire(): Promise<void> {
    this.#stopListeners()
    for (const client of this.#clients) client.retire()
    await this.#emptyOrLate(this.#context.limits.retireMs)
  }

  #stopListeners(): void {
    for (const listener of this.#listeners) listener.stop()
    this.#listeners = []
  }

  #emptyOrLate(withinMs: number): Promise<void> {
    if (this.#isEmpty()) return Promise.resolve()
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, withinMs)
    this.#onEmpty = resolve
    return promise.finally(() => clearTimeout(timer))
  }

  #stop(): void {
    clearInterval(this.#timer)
    this.#stopListening()
    this.#stopListeners()
    for (const client of this.#clients) client.abort()
    for (const tunnel of this.#tunnels.keys()) tunnel.cut()
    this.#refused.closeAll()
    this.#context.pool.closeAll()
  }
}
