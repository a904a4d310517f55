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

/**
 * The messages on control.sock, JSON lines. Both ends are ours and of one version; the socket lies in a folder that
 * only we may enter, so what arrives is trusted in shape, and a line that is no JSON ends the connection.
 *
 * A gateway says `hello` with what it has. The platform answers `welcome`, then either the deltas it missed or
 * everything in `load` lines, then `loaded`. New deltas mix with these and hold from the moment they are read.
 */
export type ToGateway =
  /** `epoch` names this run of the platform; versions count within it. `identitySecret` signs `X-Space-Identity`. */
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
  /** Null: it has not crashed. */
  | { readonly t: 'crash'; readonly id: number; readonly crash: MicroCrash | null }
  | { readonly t: 'pong'; readonly id: number }
  /** Who remembers this refusal says it. */
  | { readonly t: 'find-refusal'; readonly id: number; readonly refusalId: string }
  | { readonly t: 'ask-active'; readonly id: number }
  /** Nothing new is sent to this address: `drained` is the answer when nothing is under way to it any more. */
  | { readonly t: 'drain'; readonly id: number; readonly address: UpstreamAddress }
  /** The last line: this gateway was too slow, and must not decide before it has come back. */
  | { readonly t: 'cut' }

export type ToPlatform =
  | { readonly t: 'hello'; readonly epoch: string | null; readonly version: number }
  /** All that was read so far is what the gateway decides from; after `loaded`, up to this version. */
  | { readonly t: 'ack'; readonly version: number }
  | { readonly t: 'wake'; readonly id: number; readonly instanceId: string; readonly micro: string }
  | { readonly t: 'ask-crash'; readonly id: number; readonly instanceId: string; readonly micro: string }
  | { readonly t: 'use'; readonly counts: readonly UseCount[] }
  | { readonly t: 'note'; readonly note: LogNote }
  | { readonly t: 'ping'; readonly id: number }
  | { readonly t: 'refusal'; readonly id: number; readonly refusal: Refusal | null }
  /** Micros in use now, or since they were last asked for. */
  | { readonly t: 'active'; readonly id: number; readonly micros: readonly MicroRef[] }
  | { readonly t: 'drained'; readonly id: number }

/**
 * Times that keep "answered" and "holds everywhere" the same thing. A gateway that stood still for longer than
 * STALL_MS asks before it decides again, and one that does not acknowledge within ACK_MS is cut off: the first is
 * less than half of the second, so whoever is cut off has stopped deciding. A gateway whose platform is gone decides
 * from its copy, for nobody can take a right away meanwhile, but no longer than ORPHAN_MS. It comes back within
 * RECONNECT_MS; for REJOIN_MS after a gateway was lost, and after its own start, the platform waits for it before it
 * says that a right is gone.
 */
export const STALL_MS = 400
export const ACK_MS = 1_000
export const RECONNECT_MS = 100
export const REJOIN_MS = 2_000
export const ORPHAN_MS = 5 * 60_000
/** A gateway without a platform that stood still for so long may have missed its return. */
export const ORPHAN_STALL_MS = REJOIN_MS - 5 * RECONNECT_MS
