/**
 * The gateway: the front door and the only listener. Owns the connections of clients and to upstreams, the steps of
 * a request, what passes in headers, upgrades, and every answer that is not an app's own. Decides from its copy of
 * the directory alone: it never reads a database, and never forwards what was not judged.
 */
import { Gateway } from './gateway.ts'
import type { GatewayOptions } from './options.ts'

export { GATEWAY_LIMITS } from './limits.ts'
export type { GatewayLimits } from './limits.ts'
export type { GatewayOptions, GatewaySettings, GatewayTls } from './options.ts'

export interface RunningGateway extends AsyncDisposable {
  readonly port: number
  /** Where plain http is led to https; null: nowhere. */
  readonly httpPort: number | null
  /** Of 127.0.0.1, for micros; null: none. */
  readonly insidePort: number | null
  /** Takes no new connections, finishes requests under way (at most `drainMs`), closes everything. */
  close(): Promise<void>
  /**
   * Takes no new connections either, but lets each client finish what it has begun, streams and WebSockets included (at
   * most `retireMs`): others listen on the port meanwhile. `close` may come in between, and has to come afterwards.
   */
  retire(): Promise<void>
}

/** Starts the front door. Rejects when an address or the port cannot be had, with the system's error. */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const gateway = new Gateway(options)
  const ports = gateway.listen(options)
  const close = () => gateway.close()
  return { ...ports, close, retire: () => gateway.retire(), [Symbol.asyncDispose]: close }
}
