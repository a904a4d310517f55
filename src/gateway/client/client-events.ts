import type { Fault, HeadWriter } from '../../wire/index.ts'
import type { ClientConnection } from './client-connection.ts'
import type { Exchange } from './exchange.ts'
import type { GatewayLimits } from '../limits.ts'
import type { ResponseWriter } from './response-writer.ts'

/** What a client connection needs of the gateway. */
export interface ClientEvents {
  readonly limits: GatewayLimits
  readonly out: HeadWriter
  newRequestId(): string
  /** Answers a request, now or later, by `exchange.client.respondWith`. */
  serve(exchange: Exchange): void
  /** Answers a message that is no request, or none that is read to its end; the connection ends with it. */
  refuseFault(fault: Fault | Timeout, message: FaultyMessage): void
  onFailure(error: Error, requestId: string | null): void
  /** The connection was given away. */
  onReleased(client: ClientConnection): void
  onClose(client: ClientConnection): void
}

export interface FaultyMessage {
  readonly response: ResponseWriter
  readonly requestId: string
  /** What came of it, or begins with its head. */
  readonly octets: Buffer
  /** Where its cookies were too much: of all that came. */
  readonly cookieNames: readonly string[]
}

export interface Timeout {
  readonly kind: 'timeout'
  readonly status: 408
  readonly reason: string
}
