/**
 * The HTTP API: Home with its API and files, and `/__space/*` on app hosts. Owns the route table (with `auth` on every
 * row), authentication of callers, limits on request bodies, and the one place where an error becomes a response.
 * Listens on a private socket only and trusts what the gateway says of a request. Start reading at routes/index.ts.
 */
export type { ApiContext } from './api-context.ts'
export { createApi } from './create-api.ts'
export { createHome } from './home/home.ts'
export { listenForGateways } from './listen.ts'
export type { PlatformLimits } from './platform-limits.ts'
