import type { Connection, RequestHead } from '../../wire/index.ts'
import type { Responder } from './responder.ts'

/** What the steps of a request may do with the connection that the request came by. */
export interface ClientPort {
  readonly connection: Connection
  /** In canonical form: an IPv4 client on an IPv6 socket is shown as IPv4. */
  readonly address: string
  /** Whether the connection still waits for the answer to this request. */
  isServing(request: RequestHead): boolean
  /** Sets what answers the current request. The body of the request, if it has one, is then passed to it. */
  respondWith(responder: Responder): void
  /** Reads as far as the current request allows. Called when a responder can take more of the body. */
  advance(): void
  /** The response is complete. The connection is kept for the next request if both sides allow it. */
  endResponse(): void
  /** Cuts the connection, so that the client cannot take an incomplete answer for a complete one. */
  abort(): void
  /** Gives the connection away, and returns the octets that came behind the request. */
  release(): Buffer
  /** Reports an error of ours in a callback of this request. */
  onFailure(error: Error): void
}
