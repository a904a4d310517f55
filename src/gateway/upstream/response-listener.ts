import type { Connection, Field, ResponseHead } from '../../wire/index.ts'
import type { ResponseFailure } from './failure.ts'

/** Receives the events of one response. `onResponseEnd` or `onResponseFailure` comes last, exactly once. */
export interface ResponseListener {
  /** 1xx; more follow. */
  onInterim(head: ResponseHead): void
  onResponseHead(head: ResponseHead): void
  /** A piece of the body: `bytes` from `from` on. */
  onResponseBody(bytes: Buffer, from: number): void
  onResponseEnd(trailers: readonly Field[]): void
  /** All octets of this event have been passed on: what was held back to leave in one piece is sent now. */
  onResponseFlush(): void
  /** 101: the connection is now a raw pipe, and `first` are its first octets. */
  onUpgrade(head: ResponseHead, connection: Connection, first: Buffer): void
  onRequestDrain(): void
  onResponseFailure(failure: ResponseFailure): void
}
