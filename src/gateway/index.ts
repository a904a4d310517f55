/**
 * The gateway: the only public listener. Owns the connections of clients and to upstreams, the steps of a request, the
 * policy for headers, upgrades, and every answer that is not an app's own. Decides from its copy of the directory
 * alone: it never reads a database, and never forwards a request that was not judged. Start at
 * `request/serve-request.ts`.
 */
import { Gateway } from './gateway.ts'
import type { GatewayOptions } from './options.ts'

export { GATEWAY_LIMITS } from './limits.ts'
export type { GatewayLimits } from './limits.ts'
export type { GatewayOptions, GatewaySettings, GatewayTls } from './options.ts'

export interface RunningGateway extends AsyncDisposable {
  readonly port: number
  /** Port that redirects plain http to https; null: none. */
  readonly httpPort: number | null
  /** Port on 127.0.0.1, for micros; null: none. */
  readonly insidePort: number | null
  /** Accepts no new connections, finishes requests under way (at most `drainMs`), closes everything. */
  close(): Promise<void>
  /**
   * Accepts no new connections, but lets each client finish what it has begun, streams and WebSockets included (at most
   * `retireMs`), while other processes listen on the port. `close` must be called afterwards, and may be called
   * earlier.
   */
  retire(): Promise<void>
}

/** Starts the gateway. Rejects with the system's error if an address or the port is not available. */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const gateway = new Gateway(options)
  const ports = gateway.listen(options)
  const close = () => gateway.close()
  return { ...ports, close, retire: () => gateway.retire(), [Symbol.asyncDispose]: close }
}
