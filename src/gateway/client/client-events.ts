import type { Connection, ParseError, HeadWriter } from '../../wire/index.ts'
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
  /** Answers a message that is not a valid request, or is not read to its end; the connection ends with the answer. */
  refuseMessage(error: ParseError | Timeout, message: RefusedMessage): void
  onFailure(error: Error, requestId: string | null): void
  /** The connection was given away. */
  onReleased(connection: Connection): void
  onClose(connection: Connection): void
}

export interface RefusedMessage {
  readonly response: ResponseWriter
  readonly requestId: string
  /** What has arrived of the message, or at least its head. */
  readonly octets: Buffer
  /** Names of all its cookies, where those made the head too long; otherwise empty. */
  readonly cookieNames: readonly string[]
}

export interface Timeout {
  readonly kind: 'timeout'
  readonly status: 408
  readonly reason: string
}
