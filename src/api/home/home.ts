import type { ServerConfig } from '../../config/index.ts'

/** The addresses of Home. */
export interface Home {
  /** Target of links and redirects: `http://space.localhost:7070`. */
  readonly origin: string
  readonly isSecure: boolean
  /** The server ends TLS itself, and sends HSTS headers. */
  readonly endsTls: boolean
  /** Whether the host of the request is Home's. Other hosts must not reach the API. */
  isHost(request: Request): boolean
  /** The origin of Home that the request was sent to; Home may have several names. */
  originOf(request: Request): string
}

type HomeOptions = Pick<ServerConfig, 'homeOrigin' | 'homeHosts'> & Partial<Pick<ServerConfig, 'tls'>>

/** Home as configured. Without `tls`, browsers get no HSTS header. */
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
