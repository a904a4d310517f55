import type {
  DirectoryChange,
  LogNote,
  MicroCrash,
  MicroRef,
  Refusal,
  UpstreamAddress,
  UseCount,
  WakeResult,
} from './types.ts'

/** Gateways get everything except data keys; the process that opens collections gets data keys only. */
export type SubscriberKind = 'gateway' | 'data'

export const kindOf = ({ op }: DirectoryChange): SubscriberKind =>
  op === 'dataKey.put' || op === 'dataKey.delete' ? 'data' : 'gateway'

/**
 * The messages on control.sock, JSON lines. Both ends have the same version, and the socket is in a folder of mode
 * 0700, so the shape of messages is trusted; a line that is not JSON ends the connection.
 *
 * A subscriber, here called gateway, sends `hello` with the version it has. The platform answers `welcome`, then either the deltas that the
 * gateway missed or everything in `load` lines, then `loaded`. New deltas come between these and apply at once.
 */
export type ToGateway =
  /**
   * `epoch` names this run of the platform; versions count within it. `identitySecret` signs `X-Space-Identity`; only
   * gateways get it.
   */
  | {
      readonly t: 'welcome'
      readonly epoch: string
      readonly mode: 'resume' | 'snapshot'
      readonly identitySecret?: string
    }
  | { readonly t: 'load'; readonly changes: readonly DirectoryChange[] }
  | { readonly t: 'loaded'; readonly version: number }
  | { readonly t: 'delta'; readonly version: number; readonly changes: readonly DirectoryChange[] }
  | { readonly t: 'woken'; readonly id: number; readonly result: WakeResult }
  /** Null: the micro has not crashed. */
  | { readonly t: 'crash'; readonly id: number; readonly crash: MicroCrash | null }
  | { readonly t: 'pong'; readonly id: number }
  /** The gateway that remembers this refusal sends it. */
  | { readonly t: 'find-refusal'; readonly id: number; readonly refusalId: string }
  | { readonly t: 'ask-active'; readonly id: number }
  /** No new request is sent to this address. `drained` is the answer once no request to it is under way. */
  | { readonly t: 'drain'; readonly id: number; readonly address: UpstreamAddress }
  /** The last line: this gateway was too slow, and must not decide before it has reconnected. */
  | { readonly t: 'cut' }

export type ToPlatform =
  /** `as`: a gateway if it is missing. */
  | {
      readonly t: 'hello'
      readonly as?: SubscriberKind
      readonly epoch: string | null
      readonly version: number
    }
  /** The gateway decides from everything up to this version. */
  | { readonly t: 'ack'; readonly version: number }
  | { readonly t: 'wake'; readonly id: number; readonly instanceId: string; readonly micro: string }
  | { readonly t: 'ask-crash'; readonly id: number; readonly instanceId: string; readonly micro: string }
  | { readonly t: 'use'; readonly counts: readonly UseCount[] }
  | { readonly t: 'note'; readonly note: LogNote }
  | { readonly t: 'ping'; readonly id: number }
  | { readonly t: 'refusal'; readonly id: number; readonly refusal: Refusal | null }
  /** Micros in use now, or since the last question. */
  | { readonly t: 'active'; readonly id: number; readonly micros: readonly MicroRef[] }
  | { readonly t: 'drained'; readonly id: number }

/**
 * Times which ensure that a change that was answered applies on every gateway. A gateway that was stalled for longer
 * than STALL_MS asks the platform before it decides again, and a gateway that does not acknowledge within ACK_MS is cut
 * off. STALL_MS is less than half of ACK_MS, so a gateway that is cut off has stopped deciding. A gateway without a
 * platform decides from its copy, because no right can be revoked without the platform, but no longer than ORPHAN_MS.
 * It reconnects within RECONNECT_MS; for REJOIN_MS after a gateway was lost, and after its own start, the platform
 * waits for missing gateways before it reports that a right is revoked.
 */
export const STALL_MS = 400
export const ACK_MS = 1_000
export const RECONNECT_MS = 100
export const REJOIN_MS = 2_000
export const ORPHAN_MS = 5 * 60_000
/** A gateway without a platform that was stalled for longer than this may have missed the platform's return. */
export const ORPHAN_STALL_MS = REJOIN_MS - 5 * RECONNECT_MS
