import type { WakeResult } from '../../directory/index.ts'

/** Why an admitted request could not be answered by its upstream. */
export type UpstreamFailure =
  /** The micro could not be started; the platform gives the reason. */
  | { readonly kind: 'not-woken'; readonly result: Extract<WakeResult, { kind: 'failed' }> }
  /** The micro is still starting, and a browser waits with an empty page. */
  | { readonly kind: 'waking' }
  /** No connection; `code` is the system's, `ECONNREFUSED`. */
  | { readonly kind: 'unreachable'; readonly code: string }
  /** The connection ended before its answer was complete. `isSilent`: before it began. */
  | { readonly kind: 'hung-up'; readonly isSilent: boolean }
  /** The answer is not valid HTTP that could be passed on. */
  | { readonly kind: 'malformed'; readonly reason: string }
  /** The request body exceeded the bound, which was not known before it was read. */
  | { readonly kind: 'too-large' }
  /** The upstream has been silent for too long. */
  | { readonly kind: 'timeout' }
  /** A defect of ours. */
  | { readonly kind: 'internal'; readonly cause: unknown }

/** Why a response stayed incomplete. */
export type ResponseFailure = Extract<UpstreamFailure, { kind: 'hung-up' | 'malformed' | 'internal' }>
