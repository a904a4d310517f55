import type { ServerConfig } from '../../config/index.ts'

/** Where Home answers, and what belongs to it. */
export interface Home {
  /** Links and redirects lead here: `http://space.localhost:7070`. */
  readonly origin: string
  readonly isSecure: boolean
  /** We end TLS ourselves, and tell browsers to stay with https. */
  readonly endsTls: boolean
  /** Whether this request is for Home at all; anything else must not see its API. */
  isHost(request: Request): boolean
  /** The origin under which this request's page knows Home, which may be another one of its names. */
  originOf(request: Request): string
}

type HomeOptions = Pick<ServerConfig, 'homeOrigin' | 'homeHosts'> & Partial<Pick<ServerConfig, 'tls'>>

/** Home as the configuration says; `tls` is left out where nothing is told to browsers. */
export function createHome({ homeOrigin, homeHosts, tls = null }: HomeOptions): Home {
  const { protocol } = new URL(homeOrigin)
  const hosts = new Set(homeHosts)
  return {
    origin: homeOrigin,
    isSecure: protocol === 'https:',
    endsTls: tls !== null,
    isHost: (request) => hosts.has(new URL(request.url).hostname),
    originOf: (request) => `${protocol}//${new URL(request.url).host}`,
  }
}
