/**
 * Base: documents by key, with conditions and updates (COMPAT 5.2).
 * Never checks a key.
 * Start reading at index.ts.
 */
export const PLACEHOLDER = null
