import type { DirectoryReplica } from '../directory/index.ts'
import type { Logger } from '../kernel/log.ts'
import type { ServerTls } from '../wire/index.ts'
import type { GatewayLimits } from './limits.ts'

/** The part of a replica that requests are decided with. */
export type GatewayDirectory = Pick<
  DirectoryReplica,
  | 'locate'
  | 'whenCurrent'
  | 'findKey'
  | 'findKeysForOrigin'
  | 'findSession'
  | 'findInternalKey'
  | 'wake'
  | 'askCrash'
  | 'onRevoked'
  | 'isGrantValid'
  | 'noteUse'
  | 'reportActive'
  | 'reportDrained'
  | 'noteRefusal'
  | 'noteForLog'
  | 'identitySecret'
  | 'isPlatformHung'
>

export interface GatewayOptions {
  /** Addresses to listen on, without brackets. */
  readonly listen: readonly string[]
  /** 0 takes a free port, the same for every address. */
  readonly port: number
  /** TLS that the gateway ends itself: the port speaks https. Null or missing: http. */
  readonly tls?: GatewayTls | null
  /**
   * Port on 127.0.0.1 for micros, which can reach apps there but not Home. 0 takes a free port; null or missing: none.
   */
  readonly insidePort?: number | null
  readonly settings: GatewaySettings
  readonly directory: GatewayDirectory
  /** Where the platform listens: path of home.sock. */
  readonly platformSocket: string
  /** Where the process that opens collections listens: path of data.sock. Missing: there is none. */
  readonly dataSocket?: string
  readonly log: Logger
  /** Several gateway processes share the port. */
  readonly reusePort?: boolean
  /** Bounds that differ from the defaults. */
  readonly limits?: Partial<GatewayLimits>
}

export interface GatewayTls {
  readonly certificates: ServerTls
  /** Port that only redirects plain http to https; 0 takes a free port, null none. */
  readonly httpPort: number | null
}

export interface GatewaySettings {
  /** Base domain, lower-case. */
  readonly domain: string
  /** Host names that are Home, lower-case, without port; IPv6 addresses in brackets. */
  readonly homeHosts: readonly string[]
  /** `http://space.localhost:7070`, without a trailing slash. */
  readonly homeOrigin: string
  /** Addresses and CIDR ranges of the operator's proxies in front of us; their `X-Forwarded-For` is trusted. */
  readonly trustedProxies?: readonly string[]
  /** The scheme that browsers use. */
  readonly scheme: 'http' | 'https'
}
