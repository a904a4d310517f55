import type { BodyReader } from '../../wire/index.ts'
import type { Exchange } from './exchange.ts'
import type { OverlongHead } from './overlong-head.ts'
import type { Responder } from './responder.ts'

/** What a client connection is doing. One request at a time: octets behind it wait. */
export type ClientState = Idle | ReadingHead | Busy | Skipping | Lingering | Gone

/** Between two requests; no octet of the next one has arrived. */
export interface Idle {
  readonly kind: 'idle'
}

/** A head is awaited, from connecting or from its first octet on. */
export interface ReadingHead {
  readonly kind: 'head'
  readonly sinceMs: number
  /** The head is too long because of its cookies: it is refused once their names are known. */
  readonly overlong: OverlongHead | null
}

/** A request is being answered. */
export interface Busy {
  readonly kind: 'busy'
  readonly exchange: Exchange
  /** Null until the request has been decided. */
  responder: Responder | null
  /** Null: the body has been read to its end, or there is none. */
  body: BodyReader | null
}

/** The response ended before the request: the rest of the body is read and dropped, then the next request follows. */
export interface Skipping {
  readonly kind: 'skipping'
  readonly exchange: Exchange
  readonly body: BodyReader
  readonly sinceMs: number
}

/** The last answer has been sent, and the client may still be sending. */
export interface Lingering {
  readonly kind: 'lingering'
  readonly sinceMs: number
}

/** Closed, or handed over to a tunnel. */
export interface Gone {
  readonly kind: 'gone'
}

export const IDLE: Idle = { kind: 'idle' }
export const GONE: Gone = { kind: 'gone' }

/** The request that is being answered. */
export const exchangeOf = (state: ClientState): Exchange | null =>
  state.kind === 'busy' || state.kind === 'skipping' ? state.exchange : null

export const isAwaitingRequest = ({ kind }: ClientState): boolean => kind === 'idle' || kind === 'head'

/** Whether the end of the current request's body has not been read yet. */
export const isAwaitingBody = (state: ClientState): boolean =>
  state.kind === 'skipping' || (state.kind === 'busy' && state.body !== null)
