import type { Connection } from '../../wire/index.ts'
import type { GatewayLimits } from '../limits.ts'
import type { ClientState } from './client-state.ts'
import type { Wait } from './deadlines.ts'
import { IdleTracker } from './idle-tracker.ts'
import { MinimumRate } from './minimum-rate.ts'

/** A client connection at the moment of a check. */
export interface WaitingClient {
  readonly connection: Connection
  readonly state: ClientState
  readonly hasUnreadOctets: boolean
  /** The client has sent its end. */
  readonly isHalfClosed: boolean
  /** The gateway is shutting down. */
  readonly isClosing: boolean
}

/** Measures what a client connection waits for. Checked about once a second, so that no request has to set a timer. */
export class ClientWaits {
  readonly #idle = new IdleTracker(Date.now())
  readonly #bodyRate: MinimumRate
  readonly #answerRate: MinimumRate

  constructor({ bodyMinBytesPerSecond, answerMinBytesPerSecond, rateWindowMs }: GatewayLimits) {
    this.#bodyRate = new MinimumRate(bodyMinBytesPerSecond, rateWindowMs)
    this.#answerRate = new MinimumRate(answerMinBytesPerSecond, rateWindowMs)
  }

  /** What the gateway waits for from this client. Null: for the upstream, whose deadlines the responder knows. */
  check(client: WaitingClient, nowMs: number): Wait | null {
    this.#idle.look(client.connection, nowMs)
    const wait = this.#waitOf(client, nowMs)
    if (wait?.for !== 'body') this.#bodyRate.reset()
    if (wait?.for !== 'drain') this.#answerRate.reset()
    return wait
  }

  #waitOf(client: WaitingClient, nowMs: number): Wait | null {
    const { connection, state, isHalfClosed, isClosing } = client
    const quietMs = this.#idle.quietMs(nowMs)
    if (connection.isBlocked) {
      const isTooSlow = this.#answerRate.isMissed(connection.sentBytes, nowMs)
      return { for: 'drain', ms: this.#idle.stalledMs(nowMs), isTooSlow }
    }
    switch (state.kind) {
      case 'idle':
        return { for: 'request', ms: quietMs, isClosing }
      case 'head': {
        const isBegun = client.hasUnreadOctets || state.overlong !== null
        return { for: 'head', ms: nowMs - state.sinceMs, isBegun, isClosing }
      }
      case 'skipping':
      case 'lingering':
        return { for: 'rest', ms: nowMs - state.sinceMs, quietMs }
      case 'busy':
        if (state.body !== null && state.responder?.canTakeBody === true)
          return { for: 'body', ms: quietMs, isTooSlow: this.#isBodyTooSlow(client, nowMs) }
        return isHalfClosed ? { for: 'answer', ms: quietMs } : null
      case 'gone':
        return null
    }
  }

  /** A body whose answer has begun is exempt (`GatewayLimits.bodyMinBytesPerSecond`). */
  #isBodyTooSlow({ connection, state }: WaitingClient, nowMs: number): boolean {
    if (state.kind === 'busy' && !state.exchange.response.isStarted)
      return this.#bodyRate.isMissed(connection.receivedBytes, nowMs)
    this.#bodyRate.reset()
    return false
  }
}
