import { ConfigError, readDuration } from './readers.ts'

/** Limits of the gateway with a default here; the others are in `gateway/limits.ts`. */
export interface GatewayLimitSettings {
  /** Of one request to an app; infinite: no limit. */
  readonly requestBodyBytes: number
  /** From the end of a request to the first byte of its response; infinite: no limit. */
  readonly firstByteMs: number
  /** Open connections of one gateway process. */
  readonly connections: number
  readonly connectionsPerClient: number
}

type Setting = (
  name: 'max-body' | 'answer-within' | 'max-connections' | 'max-connections-per-client',
) => string | undefined

/**
 * More generous than Deta Space (COMPAT 4.2: 5.5 MB and 20 s): bodies and responses are streamed, so they cost a
 * connection but no memory. Throws ConfigError.
 */
export function readGatewayLimits(setting: Setting): GatewayLimitSettings {
  const connections = readCount('max-connections', setting('max-connections') ?? '10000')
  const perClient = readCount('max-connections-per-client', setting('max-connections-per-client') ?? '1000')
  return {
    requestBodyBytes: readSize('max-body', setting('max-body') ?? '0') || Number.POSITIVE_INFINITY,
    firstByteMs: readDuration('answer-within', setting('answer-within') ?? '5m') || Number.POSITIVE_INFINITY,
    connections,
    connectionsPerClient: Math.min(perClient, connections),
  }
}

const UNIT_BYTES = { kb: 1_000, mb: 1_000_000, gb: 1_000_000_000 } as const

/** `100mb` in bytes; only 0 needs no unit. */
export function readSize(flag: string, text: string): number {
  const [, count, unit] = /^(\d{1,6})(kb|mb|gb)$/i.exec(text) ?? []
  if (text === '0') return 0
  if (!count || !unit)
    throw new ConfigError(`--${flag} must be a size such as 500kb, 100mb or 2gb, or 0; it is "${text}"`)
  return Number(count) * UNIT_BYTES[unit.toLowerCase() as keyof typeof UNIT_BYTES]
}

export function readCount(flag: string, text: string): number {
  const count = Number(text)
  if (!/^\d{1,7}$/.test(text) || count < 1)
    throw new ConfigError(`--${flag} must be a number from 1 to 9999999; it is "${text}"`)
  return count
}
