/**
 * Data: the process that opens collections.
 * Owns its doors and checks data keys.
 * Never decides about sessions: gateways do.
 * Start reading at index.ts.
 */
export const PLACEHOLDER = null
