import type { Grant } from '../access/index.ts'
import type { Logger } from '../kernel/log.ts'
import type { Connection, HeadWriter } from '../wire/index.ts'
import type { CookieNames } from './headers/cookies.ts'
import type { IdentitySigner } from './headers/identity.ts'
import type { KeyRates } from './request/key-rates.ts'
import type { GatewayLimits } from './limits.ts'
import type { GatewayDirectory, GatewaySettings } from './options.ts'
import type { FileCache } from './static/index.ts'
import type { IsTrustedProxy } from './headers/trusted-proxies.ts'
import type { MicroUpstreams, Upstream } from './upstream/upstream.ts'
import type { UpstreamPool } from './upstream/upstream-pool.ts'

/** What the steps of a request may use. One per gateway. */
export interface GatewayContext {
  readonly settings: GatewaySettings
  readonly cookieNames: CookieNames
  readonly limits: GatewayLimits
  readonly directory: GatewayDirectory
  readonly pool: UpstreamPool
  readonly upstreams: MicroUpstreams
  readonly platform: Upstream
  /** The process that opens collections; null: this server has none. */
  readonly data: Upstream | null
  /** Shared by all connections. */
  readonly out: HeadWriter
  /** Static micros' files. */
  readonly files: FileCache
  readonly identities: IdentitySigner
  readonly keyRates: KeyRates
  readonly isTrustedProxy: IsTrustedProxy
  /** The gateway ends TLS itself, and sends HSTS. */
  readonly endsTls: boolean
  readonly log: Logger
  /** Makes both connections one raw pipe, for as long as `grant` holds. */
  openTunnel(client: Connection, upstream: Connection, grant: Grant | null): void
}
