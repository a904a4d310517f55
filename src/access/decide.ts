import type { Decision, DecisionInput, Principal } from './types.ts'

/** Who may pass: public rule, then `X-Space-App-Key`, then the internal key, then the session. Never throws. */
export function decide(input: DecisionInput): Decision {
  throw new Error(`not yet: ${input.nowMs}`)
}

/**
 * Who is asking, for `/__space/*`, where the platform decides by itself: the session's user under the same
 * cross-site rules as `decide`, the app by its internal key, or null. Never throws.
 */
export function identify(input: DecisionInput): Exclude<Principal, { kind: 'anonymous' | 'key' }> | null {
  throw new Error(`not yet: ${input.nowMs}`)
}
