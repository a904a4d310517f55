import type { Grant } from '../../access/index.ts'
import type { Field, RequestHead } from '../../wire/index.ts'
import type { ClientConnection } from './client-connection.ts'
import type { ResponseWriter } from './response-writer.ts'
import type { HeaderCache } from '../headers/header-cache.ts'

/** One request and its response, as the steps see it. */
export interface Exchange {
  readonly request: RequestHead
  /** Names the request in logs, on error pages and to the micro. */
  readonly id: string
  readonly client: ClientConnection
  readonly response: ResponseWriter
  readonly notes: HeaderCache
  /** What let it in; asked again when rights shrink. Null: nothing that could be taken away. */
  grant: Grant | null
  /** Origin of a page elsewhere that may read the answer, from an upstream or from us. Null: none. */
  readableBy: string | null
}

/** What answers a request: an upstream or the gateway itself. */
export interface Responder {
  /** Whether it takes octets of the request's body now; `client.advance()` when it does again. */
  readonly canTakeBody: boolean
  onRequestBody(payload: Buffer): void
  onRequestEnd(trailers: readonly Field[]): void
  /** The octets of this event have been given; what was held back to leave in one piece may go. */
  onRequestFlush(): void
  /** The client has taken what was written. */
  onClientDrain(): void
  /** Now and then, with the time: for deadlines. */
  onTick(nowMs: number): void
  /** The client is gone, or went silent, or lost its right: whatever was under way is in vain. */
  onClientGone(): void
}
