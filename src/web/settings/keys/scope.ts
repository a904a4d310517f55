import type { ApiKey, KeyScope } from '../../../contract/index.ts'
import { count, listed } from '../../ui/format.ts'

/** The form's values as typed. */
export interface ScopeForm {
  readonly micros: readonly string[]
  readonly methods: readonly string[]
  /** One pattern per line. */
  readonly paths: string
  readonly lifeDays: number | null
  readonly perMinute: string
  /** One origin per line. */
  readonly origins: string
}

export const UNRESTRICTED: ScopeForm = {
  micros: [],
  methods: [],
  paths: '',
  lifeDays: null,
  perMinute: '',
  origins: '',
}

const DAY_MS = 86_400_000

/** Contains restrictions only. */
export function scopeOf(
  { micros, methods, paths, lifeDays, perMinute, origins }: ScopeForm,
  nowMs: number,
): KeyScope {
  const patterns = linesOf(paths)
  const pages = linesOf(origins)
  return {
    ...(micros.length > 0 && { micros: [...micros] }),
    ...(methods.length > 0 && { methods: [...methods] }),
    ...(patterns.length > 0 && { paths: patterns }),
    ...(lifeDays !== null && { expires_at: new Date(nowMs + lifeDays * DAY_MS).toISOString() }),
    ...(perMinute.trim() && { per_minute: Number(perMinute) }),
    ...(pages.length > 0 && { origins: pages }),
  }
}

export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)

/** `GET and HEAD of /hooks/* on api, 60 requests per minute`; null when at most the expiry is restricted. */
export function scopeText({ micros, methods, paths, per_minute: rate, origins }: KeyScope): string | null {
  const what = [methods?.length ? listed(methods) : '', paths?.length ? listed(paths) : ''].filter(Boolean)
  const where = micros?.length ? ` on ${listed(micros)}` : ''
  const limits = [
    `${what.join(' of ') || (where ? 'everything' : '')}${where}`,
    rate ? `${count(rate, 'request')} per minute` : '',
    origins?.length ? `for pages of ${listed(origins)}` : '',
  ]
  return limits.filter(Boolean).join(', ') || null
}

export const isEnded = (
  { expires_at: end }: Pick<ApiKey, 'expires_at'>,
  nowMs: number = Date.now(),
): boolean => Boolean(end && Date.parse(end) <= nowMs)
