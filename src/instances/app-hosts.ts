import type { ServerConfig } from '../config/index.ts'
import type { LoopbackRoute } from '../runner/index.ts'

/** Where apps answer. */
export interface AppHosts {
  /** Home; apps have built-in hosts one label below. */
  readonly domain: string
  /** `notes-ab12cd.space.localhost`: one label below the domain. */
  hostName(alias: string): string
  /** With the port, unless it is the scheme's own: `notes-ab12cd.space.localhost:7070`. */
  host(alias: string): string
  /** `http://notes-ab12cd.space.localhost:7070` */
  origin(alias: string): string
  /** The same for any host name of an app: `http://notes.example.org:7070`. */
  originAt(hostName: string): string
  /** The alias in a built-in host name (with or without our port); null when it is not a built-in host name. */
  aliasOf(host: string): string | null
  /** Whether a host name is the domain or below it, and so cannot be a custom domain. */
  isReserved(hostName: string): boolean
  /** The route by which micros call apps of this server (`findHairpinRoute`). */
  readonly hairpin: LoopbackRoute | null
}

const ALIAS = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

export interface AppHostsOptions extends Pick<ServerConfig, 'domain' | 'homeOrigin'> {
  readonly hairpin?: LoopbackRoute | null
}

/** The form in which host names are stored, of one as it came in a request: lower-case, no port, no trailing dot. */
export const hostNameOf = (host: string): string =>
  host
    .toLowerCase()
    .replace(/:\d{1,5}$/, '')
    .replace(/\.$/, '')

export function createAppHosts({ domain, homeOrigin, hairpin = null }: AppHostsOptions): AppHosts {
  const { protocol, port } = new URL(homeOrigin)
  const portPart = port && `:${port}`
  const hostName = (alias: string) => `${alias}.${domain}`
  const originAt = (name: string) => `${protocol}//${name}${portPart}`
  return {
    domain,
    hostName,
    hairpin,
    host: (alias) => hostName(alias) + portPart,
    origin: (alias) => originAt(hostName(alias)),
    originAt,
    isReserved: (name) => name === domain || name.endsWith(`.${domain}`),
    aliasOf: (host) => {
      const name = hostNameOf(host)
      const alias = name.endsWith(`.${domain}`) ? name.slice(0, -domain.length - 1) : ''
      return ALIAS.test(alias) ? alias : null
    },
  }
}
