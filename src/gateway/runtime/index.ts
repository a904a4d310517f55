/**
 * The client runtime (COMPAT 4.7): a script that the pages of apps load first, so that SDKs with addresses compiled in reach
 * their data on this server. It grants nothing: what its calls may do is decided like any other request.
 */
export { allowsOwnScript } from './allows-own-script.ts'
export { insertRuntime } from './insert-runtime.ts'
export { RUNTIME_TAG } from './scripts.ts'
