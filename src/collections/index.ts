/**
 * Collections: the rows of collections and their data keys, as the platform keeps them.
 * Never opens a collection's files.
 * Start reading at index.ts.
 */
export const PLACEHOLDER = null
