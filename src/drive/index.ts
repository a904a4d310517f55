/**
 * Drive: files by name (COMPAT 5.3).
 * Never checks a key.
 * Start reading at index.ts.
 */
export const PLACEHOLDER = null
