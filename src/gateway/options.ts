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
  /** 0 takes a free one, the same for every address. */
  readonly port: number
  /** Our own TLS: the port speaks https. Null or missing: http. */
  readonly tls?: GatewayTls | null
  /** Of 127.0.0.1: where micros come in, who find apps and nothing of Home. 0 takes a free one; null or missing: none. */
  readonly insidePort?: number | null
  readonly settings: GatewaySettings
  readonly directory: GatewayDirectory
  /** Where the platform listens: path of home.sock. */
  readonly platformSocket: string
  readonly log: Logger
  /** Several gateway processes share the port. */
  readonly reusePort?: boolean
  /** Bounds that differ from the usual ones. */
  readonly limits?: Partial<GatewayLimits>
}

export interface GatewayTls {
  readonly certificates: ServerTls
  /** Where plain http is led to https, and nothing else; 0 takes a free port, null none. */
  readonly httpPort: number | null
}

export interface GatewaySettings {
  /** Base domain, lower-case. */
  readonly domain: string
  /** Host names that are Home, lower-case, without port; IPv6 addresses in brackets. */
  readonly homeHosts: readonly string[]
  /** `http://space.localhost:7070`, without a trailing slash. */
  readonly homeOrigin: string
  /** Addresses and CIDR ranges of the operator's proxies in front of us; their `X-Forwarded-For` is believed. */
  readonly trustedProxies?: readonly string[]
  /** What browsers use towards us. */
  readonly scheme: 'http' | 'https'
}
