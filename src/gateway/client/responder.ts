import type { Field } from '../../wire/index.ts'

/** What answers a request: an upstream or the gateway itself. */
export interface Responder {
  /** Whether it takes octets of the request's body now; when it does again, it calls `client.advance()`. */
  readonly canTakeBody: boolean
  onRequestBody(payload: Buffer): void
  onRequestEnd(trailers: readonly Field[]): void
  /** All octets of this event have been passed on: what was held back to leave in one piece is sent now. */
  onRequestFlush(): void
  /** The client has taken what was written. */
  onClientDrain(): void
  /** Called about once a second with the time, for deadlines. */
  onTick(nowMs: number): void
  /** The client is gone, timed out, or lost its right: the responder stops and frees what it holds. */
  onClientGone(): void
}
