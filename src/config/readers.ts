/** Reads and checks each setting. Every error names the flag and the values that it accepts. */
import { isIP } from 'node:net'
import { availableParallelism } from 'node:os'
import { isLocalName } from './local-name.ts'

/** An invalid setting. The message says what to set instead; further lines are hints. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** Parts separated by commas, trimmed; empty when nothing was set. Parts may be empty. */
export const readList = (text: string | undefined): string[] =>
  text?.split(',').map((part) => part.trim()) ?? []

export function readPort(flag: string, text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new ConfigError(`--${flag} must be a number from 0 to 65535; it is "${text}"`)
  return port
}

/** Differs from all other ports: on a shared port, a client would reach either listener. */
export function readInsidePort(
  setting: (name: 'inside-port') => string | undefined,
  taken: readonly (number | null | undefined)[],
): number {
  const port = readPort('inside-port', setting('inside-port') ?? '0')
  if (port !== 0 && taken.includes(port))
    throw new ConfigError(
      `--inside-port must be a port of its own: --port or --http-port uses ${port} already`,
    )
  return port
}

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** `15m` in milliseconds; only 0 needs no unit. */
export function readDuration(flag: string, text: string): number {
  const [, count, unit] = /^(\d{1,6})(ms|s|m|h|d)$/.exec(text) ?? []
  if (text === '0') return 0
  if (!count || !unit)
    throw new ConfigError(`--${flag} must be a time such as 15m or 2h, or 0; it is "${text}"`)
  return Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS]
}

/** Below two seconds, a busy process would be killed. */
export function readHangAfter(text = '15s'): number {
  const hangAfterMs = readDuration('hang-after', text)
  if (hangAfterMs > 0 && hangAfterMs < 2_000)
    throw new ConfigError(`--hang-after must be at least 2s, or 0; it is "${text}"`)
  return hangAfterMs || Number.POSITIVE_INFINITY
}

/** A duration above 0: every wait must end. */
export function readTimeLimit(flag: string, text: string): number {
  const limitMs = readDuration(flag, text)
  if (limitMs === 0) throw new ConfigError(`--${flag} must be a time above 0, such as 30s or 2m`)
  return limitMs
}

/** A domain below `localhost` needs loopback only. `[::1]` is read as `::1`. */
export function readListen(text: string | undefined, domain: string): string[] {
  if (text !== undefined) return readList(text).map((address) => address.replace(/^\[|\]$/g, ''))
  return isLocalName(domain) ? ['127.0.0.1', '::1'] : ['0.0.0.0', '::']
}

/** One gateway per core from four cores on. On smaller machines, apps and the platform need the other cores. */
export function readWorkers(text: string | undefined): number {
  const cores = availableParallelism()
  if (text === undefined) return cores >= 4 ? cores : 1
  const workers = Number(text)
  if (!/^\d+$/.test(text) || workers < 1 || workers > 256)
    throw new ConfigError(`--workers must be a number from 1 to 256; it is "${text}"`)
  return workers
}

/** Addresses, or ranges as `10.1.0.0/16`. */
export function readProxies(text: string | undefined): string[] {
  const networks = readList(text)
  for (const network of networks) {
    const [address = '', bits, ...rest] = network.split('/')
    const most = isIP(address) === 6 ? 128 : 32
    const isRange =
      bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= most)
    if (isIP(address) === 0 || !isRange || rest.length > 0)
      throw new ConfigError(
        `--trust-proxy must be addresses such as 127.0.0.2 or 10.1.0.0/16; one is "${network}"`,
      )
  }
  return networks
}

/** `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53` or `[2001:db8::53]:5353`. */
export function readNameServers(text: string | undefined): string[] {
  const servers = readList(text)
  for (const server of servers) {
    const [, address = server] =
      /^\[(.*)\](?::\d{1,5})?$/.exec(server) ?? /^([\d.]+):\d{1,5}$/.exec(server) ?? []
    if (isIP(address) === 0)
      throw new ConfigError(
        `--name-servers must be addresses such as 192.0.2.53 or 127.0.0.1:5353; one is "${server}"`,
      )
  }
  return servers
}

/** An origin of http or https, without a path. */
export function readPublicUrl(text: string | undefined): URL | null {
  if (text === undefined) return null
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname + url.search + url.hash !== '/' || url.username)
    throw new ConfigError(
      `--public-url must be an address such as https://cloud.example.org; it is "${text}"`,
    )
  return url
}

export const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]']

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

/** A host name in lower case, short enough for the labels of apps before it. */
export function readDomain(text: string): string {
  const domain = text.toLowerCase().replace(/\.$/, '')
  if (domain.length > 190 || !domain.split('.').every((label) => LABEL.test(label)))
    throw new ConfigError(`--domain must be a host name such as cloud.example.org; it is "${text}"`)
  return domain
}

export function oneOf<T extends string>(flag: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((item) => item === value)
  if (!found) throw new ConfigError(`--${flag} must be one of ${allowed.join(', ')}; it is "${value}"`)
  return found
}
