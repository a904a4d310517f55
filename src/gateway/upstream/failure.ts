import type { WakeResult } from '../../directory/index.ts'

/** Why a request that was let in could not be answered by its upstream. */
export type Failure =
  /** It could not be started; the platform says why. */
  | { readonly kind: 'not-woken'; readonly result: Extract<WakeResult, { kind: 'failed' }> }
  /** It is being started, and somebody looks at an empty page meanwhile. */
  | { readonly kind: 'waking' }
  /** No connection; `code` is the system's, `ECONNREFUSED`. */
  | { readonly kind: 'unreachable'; readonly code: string }
  /** The connection ended before its answer was whole. `isSilent`: before it began. */
  | { readonly kind: 'hung-up'; readonly isSilent: boolean }
  /** What it answered is no HTTP that could be passed on. */
  | { readonly kind: 'malformed'; readonly reason: string }
  /** The body of its request went beyond what is allowed, which only showed as it came. */
  | { readonly kind: 'too-large' }
  /** It has been silent for too long. */
  | { readonly kind: 'timeout' }
  /** A defect of ours. */
  | { readonly kind: 'internal'; readonly cause: unknown }

/** Why a response did not become whole. */
export type ResponseFailure = Extract<Failure, { kind: 'hung-up' | 'malformed' | 'internal' }>
