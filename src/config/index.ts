/**
 * Configuration: the one place that reads the environment and the server's flags.
 *
 * Owns names, defaults and checks of every setting, and returns one frozen, typed value. Never accesses the disk, and
 * keeps no secret beyond the value it returns. Start reading at `server-config.ts`.
 */
export { type BucketConfig, type DataConfig, readBucketKeys } from './data-config.ts'
export { type DatabaseConfig, shownPasswordNotice, withoutDatabase } from './database-config.ts'
export { ConfigError } from './readers.ts'
export type { DiskLimits } from './disk-limits.ts'
export type { GatewayLimitSettings } from './gateway-limits.ts'
export { LIMIT_FLAGS } from './limit-flags.ts'
export { isLocalName } from './local-name.ts'
export { hostEnvironment, readServerConfig } from './server-config.ts'
export type { ServerConfig } from './server-config.ts'
export { SERVER_FLAGS, type ServerFlag } from './server-flags.ts'
export type { ServerLimits } from './server-limits.ts'
export type { TlsConfig } from './tls-config.ts'
