import { type GatewayLimitSettings, readCount, readGatewayLimits, readSize } from './gateway-limits.ts'
import { LIMIT_FLAGS, type LimitFlag } from './limit-flags.ts'
import { ConfigError, readDuration } from './readers.ts'

type Rows = (typeof LIMIT_FLAGS)[LimitFlag]

/** The values that were set, grouped by the module that owns the limit, under the names that it uses. */
export type SetLimits = {
  readonly [Owner in Rows['of']]: { readonly [Bound in Extract<Rows, { of: Owner }>['bound']]?: number }
}

export interface ServerLimits extends SetLimits {
  readonly gateway: SetLimits['gateway'] & GatewayLimitSettings
}

type Setting = Parameters<typeof readGatewayLimits>[0] & ((name: LimitFlag) => string | undefined)

/** Throws ConfigError. */
export function readServerLimits(setting: Setting): ServerLimits {
  const set: Record<Rows['of'], Record<string, number>> = {
    pushes: {},
    micros: {},
    buildRuns: {},
    builds: {},
    audits: {},
    api: {},
    gateway: {},
    data: {},
    transfers: {},
  }
  for (const flag of Object.keys(LIMIT_FLAGS) as LimitFlag[]) {
    const text = setting(flag)
    if (text !== undefined) set[LIMIT_FLAGS[flag].of][LIMIT_FLAGS[flag].bound] = readLimit(flag, text)
  }
  return { ...set, gateway: { ...set.gateway, ...readGatewayLimits(setting) } }
}

const MB_IN_MEMORY = 1024 * 1024
/** Timers are limited to 2^31 ms. */
const LONGEST_MS = 24 * 24 * 60 * 60 * 1_000

function readLimit(flag: LimitFlag, text: string): number {
  switch (LIMIT_FLAGS[flag].takes) {
    case 'time':
      return readTime(flag, text)
    case 'size':
      return readSizeAboveZero(flag, text)
    case 'head size':
      return readHeadSize(flag, text)
    case 'memory':
      return (readSizeAboveZero(flag, text) / 1_000_000) * MB_IN_MEMORY
    case 'count':
      return readCount(flag, text)
    case 'count or 0':
      return text === '0' ? 0 : readCount(flag, text)
  }
}

function readTime(flag: LimitFlag, text: string): number {
  const ms = readDuration(flag, text)
  if (ms > LONGEST_MS) throw new ConfigError(`--${flag} must be at most 24 days; it is "${text}"`)
  return ms
}

/** Each packet repeats the search for the end of the head. */
const LONGEST_HEAD_BYTES = 256_000

function readHeadSize(flag: LimitFlag, text: string): number {
  const bytes = readSizeAboveZero(flag, text)
  if (bytes > LONGEST_HEAD_BYTES) throw new ConfigError(`--${flag} must be at most 256kb; it is "${text}"`)
  return bytes
}

function readSizeAboveZero(flag: LimitFlag, text: string): number {
  const bytes = readSize(flag, text)
  if (bytes === 0) throw new ConfigError(`--${flag} must be a size such as 500mb or 2gb; it is "${text}"`)
  return bytes
}
