import type { RequestHead } from '../../wire/index.ts'
import type { UpstreamConnection } from './upstream-connection.ts'

/** Where the request is on its way to the upstream. */
export type Attempt = Opening | Sending | Over

/** A connection is being opened. `isRetry`: an earlier connection was closed as we began to use it. */
export interface Opening {
  readonly kind: 'opening'
  readonly isRetry: boolean
}

export interface Sending {
  readonly kind: 'sending'
  readonly isRetry: boolean
  readonly connection: UpstreamConnection
  /** The head waits for the first octets of the body, or for the end of the event, to be sent with them. */
  isHeadSent: boolean
  /** Since when the upstream has owed an answer; 0: octets were sent to it since the last check. */
  waitsSinceMs: number
}

/** The response has ended or failed, the connection has become a tunnel, or the client is gone. */
export interface Over {
  readonly kind: 'over'
}

export const FIRST: Opening = { kind: 'opening', isRetry: false }
export const RETRY: Opening = { kind: 'opening', isRetry: true }
export const OVER: Over = { kind: 'over' }

/** Methods that are safe to repeat (RFC 9110, 9.2.2). Not PUT and DELETE: an app need not make them idempotent. */
const REPLAYABLE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Whether the request may be sent a second time on another connection. */
export const isReplayable = ({ method, framing }: RequestHead): boolean =>
  framing.kind === 'none' && REPLAYABLE_METHODS.has(method)
