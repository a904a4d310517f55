import type { ApiKey } from '../../contract/index.ts'
import { usageError } from '../failure.ts'
import { printable } from '../printable.ts'
import { parseMoment } from '../time.ts'

/** The limits of a new key, as typed. */
export interface ScopeInput {
  readonly micro: readonly string[]
  readonly method: readonly string[]
  readonly path: readonly string[]
  readonly expires: string | undefined
  readonly perMinute: string | undefined
  readonly origin: readonly string[]
}

/** The limits of a new key, as the API expects them; an omitted field is not limited. */
export interface Scope {
  readonly micros?: readonly string[]
  readonly methods?: readonly string[]
  readonly paths?: readonly string[]
  readonly expires_at?: string
  readonly per_minute?: number
  readonly origins?: readonly string[]
}

/** Throws `usage` for a value that would not limit the key as intended. */
export function scopeOf(input: ScopeInput, nowMs: number): Scope {
  const micros = input.micro.flatMap(names)
  const methods = input.method.flatMap(names).map((method) => method.toUpperCase())
  const wrongOrigin = input.origin.find((origin) => !ORIGIN.test(origin))
  if (wrongOrigin)
    throw usageError(
      `--origin must be scheme and host only, for example https://example.org, not "${wrongOrigin}"`,
    )
  const wrong = input.path.find((path) => !path.startsWith('/'))
  if (wrong) throw usageError(`--path must begin with a slash, for example '/api/*', not "${wrong}"`)
  return {
    ...(micros.length > 0 && { micros }),
    ...(methods.length > 0 && { methods }),
    ...(input.path.length > 0 && { paths: input.path }),
    ...(input.expires !== undefined && { expires_at: expiryOf(input.expires, nowMs) }),
    ...(input.perMinute !== undefined && { per_minute: rateOf(input.perMinute) }),
    ...(input.origin.length > 0 && { origins: input.origin }),
  }
}

const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@\\,]+\/?$/i

const names = (text: string) =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)

function expiryOf(text: string, nowMs: number): string {
  const moment = parseMoment(text, nowMs)
  if (moment === null) throw usageError('--expires must be in the future, for example 12h, 30d or 2030-12-31')
  return moment
}

function rateOf(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw usageError('--per-minute must be a number, for example 60')
  return Number(text)
}

/** `GET, POST of /hooks/* on api, 60 per minute`; empty when a key is not limited. */
export function scopeText({ micros, methods, paths, per_minute, origins }: ApiKey): string {
  const what = [methods?.length && methods.join(', '), paths?.length && paths.join(', ')].filter(Boolean)
  const where = [what.join(' of '), micros?.length && `on ${micros.join(', ')}`].filter(Boolean)
  const pages = origins?.length && `for pages of ${origins.join(', ')}`
  const text = [where.join(' '), per_minute && `${per_minute} per minute`, pages]
  return printable(text.filter(Boolean).join(', '))
}
