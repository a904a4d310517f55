import type { ServerConfig } from '../config/index.ts'

/** Where apps answer. */
export interface AppHosts {
  /** `notes-ab12cd.space.localhost`: one label below the domain. */
  hostName(alias: string): string
  /** With the port, unless it is the scheme's own: `notes-ab12cd.space.localhost:7070`. */
  host(alias: string): string
  /** `http://notes-ab12cd.space.localhost:7070` */
  origin(alias: string): string
  /** The alias a host name (with or without our port) stands for, or null when it is no app host of ours. */
  aliasOf(host: string): string | null
  /** Port of this machine's 127.0.0.1 where apps answer as they do in public (`findDoorPort`); null: none. */
  readonly doorPort: number | null
}

const ALIAS = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

export interface AppHostsOptions extends Pick<ServerConfig, 'domain' | 'homeOrigin'> {
  readonly doorPort?: number | null
}

export function createAppHosts({ domain, homeOrigin, doorPort = null }: AppHostsOptions): AppHosts {
  const { protocol, port } = new URL(homeOrigin)
  const portPart = port && `:${port}`
  const hostName = (alias: string) => `${alias}.${domain}`
  return {
    hostName,
    doorPort,
    host: (alias) => hostName(alias) + portPart,
    origin: (alias) => `${protocol}//${hostName(alias)}${portPart}`,
    aliasOf: (host) => {
      const name = host
        .toLowerCase()
        .replace(/:\d{1,5}$/, '')
        .replace(/\.$/, '')
      const alias = name.endsWith(`.${domain}`) ? name.slice(0, -domain.length - 1) : ''
      return ALIAS.test(alias) ? alias : null
    },
  }
}
