import type { GatewayLimits } from '../limits.ts'

/** What the gateway waits for from a client, and how long it has waited. */
export type Wait =
  /** The client takes nothing of what we have to send. */
  | { readonly for: 'drain'; readonly ms: number; readonly isTooSlow: boolean }
  /** A request of which nothing has arrived. `isClosing`: the gateway is shutting down. */
  | { readonly for: 'request'; readonly ms: number; readonly isClosing: boolean }
  /** The end of a head; `isBegun`: a part of it has arrived. */
  | { readonly for: 'head'; readonly ms: number; readonly isBegun: boolean; readonly isClosing: boolean }
  /** More of a body that the gateway is ready to read. */
  | { readonly for: 'body'; readonly ms: number; readonly isTooSlow: boolean }
  /** The rest of what the client sends behind our answer, or its end. */
  | { readonly for: 'rest'; readonly ms: number; readonly quietMs: number }
  /** An answer to a client that has sent its end, while no octet moves. */
  | { readonly for: 'answer'; readonly ms: number }

/** How a wait that is too long ends: `give-up` answers 408. */
export type Overdue = 'abort' | 'close' | 'give-up'

/** Null: the wait is within its limit. */
export function overdue(wait: Wait, limits: GatewayLimits): Overdue | null {
  switch (wait.for) {
    case 'drain':
      return wait.isTooSlow || wait.ms > limits.writeStallMs ? 'abort' : null
    case 'request':
      return wait.ms > (wait.isClosing ? limits.lastHeadMs : limits.idleMs) ? 'close' : null
    case 'head':
      if (wait.ms <= (wait.isClosing ? limits.lastHeadMs : limits.headMs)) return null
      return wait.isBegun ? 'give-up' : 'close'
    case 'body':
      return wait.isTooSlow || wait.ms > limits.bodyStallMs ? 'give-up' : null
    case 'rest': {
      const isQuiet = Math.min(wait.ms, wait.quietMs) > limits.lingerMs
      return isQuiet || wait.ms > limits.lingerAltogetherMs ? 'abort' : null
    }
    case 'answer':
      return wait.ms > limits.halfClosedMs ? 'abort' : null
  }
}
