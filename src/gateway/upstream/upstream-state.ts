import type { BodyReader } from '../../wire/index.ts'
import type { ResponseListener } from './response-listener.ts'

/** What an upstream connection is doing. */
export type UpstreamState = Idle | ReadingHead | ReadingBody | Over

/** One request and its response. */
export interface UpstreamExchange {
  readonly listener: ResponseListener
  readonly requestMethod: string
  isRequestSent: boolean
  /** The connection is closed after it. */
  isLast: boolean
}

/** The next exchange may begin. */
interface Idle {
  readonly kind: 'idle'
}

/** The head of the response is awaited; interim responses may come before it. */
export interface ReadingHead {
  readonly kind: 'head'
  readonly exchange: UpstreamExchange
  /** The beginning of a head that is not complete. */
  held: Buffer
  interims: number
  /** No octet has arrived. */
  isSilent: boolean
}

export interface ReadingBody {
  readonly kind: 'body'
  readonly exchange: UpstreamExchange
  readonly body: BodyReader
  /** The body has no length: the end of the connection is its end. */
  readonly endsWithConnection: boolean
}

/** Closed, closing, or a raw pipe: no exchange follows. */
interface Over {
  readonly kind: 'over'
}

export const IDLE: Idle = { kind: 'idle' }
export const OVER: Over = { kind: 'over' }

export const exchangeIn = (state: UpstreamState): UpstreamExchange | null =>
  state.kind === 'head' || state.kind === 'body' ? state.exchange : null
