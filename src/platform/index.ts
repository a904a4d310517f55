/**
 * The platform's HTTP side: Home with its API and files, and `/__space/*` on the hosts of apps. Owns the route table
 * (with `auth` on every row), how a caller is recognised, the bounds on what a request may send, and the one place where
 * an error becomes an answer. Everything it answers is kept by the rooms below. It listens on a private socket only, and
 * knows of a request what the gateway says of it.
 */
export { createPlatform, type Platform } from './create-platform.ts'
export type { PlatformDeps } from './deps.ts'
export { createHome, type Home } from './home.ts'
export { listenForGateways } from './listen.ts'
export { HOME_ROUTES } from './routes/index.ts'
export { startLedger } from './ledger.ts'
export { startSweep } from './sweep.ts'
export { APP_HOST_ROUTES } from './app-host.ts'
