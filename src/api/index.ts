/**
 * The HTTP API: Home with its API and files, and `/__space/*` on app hosts. Owns the route table (with `auth` on every
 * row), authentication of callers, limits on request bodies, and the mapping of errors to responses. Listens on a
 * private socket only, and trusts the headers that the gateway adds to a request. Start reading at routes/index.ts.
 */
export { createApi } from './create-api.ts'
export { createHome } from './home/home.ts'
export { listenForGateways } from './listen.ts'
export type { ApiLimits } from './api-limits.ts'
export { type ServerTables, serverMigrations } from './schema.ts'
