import { diagnoseRoutes } from '../access/index.ts'
import type { Instance } from '../instances/index.ts'
import type { KeyScope } from './api-key.ts'
import { invalid } from '../kernel/http-error.ts'

const YEAR_MS = 366 * 24 * 60 * 60 * 1_000

/** Limits of a new key; omitted or null: no limit. */
export interface WantedScope {
  readonly micros?: readonly string[] | null | undefined
  readonly methods?: readonly string[] | null | undefined
  readonly paths?: readonly string[] | null | undefined
  /** ISO 8601. */
  readonly expires_at?: string | null | undefined
  readonly per_minute?: number | null | undefined
  readonly origins?: readonly string[] | null | undefined
}

/** Throws 400, with the mistake and how to fix it, for a scope that could never admit a request. */
export function readKeyScope(input: WantedScope, instance: Instance, nowMs: number): KeyScope {
  const {
    micros = null,
    methods = null,
    paths = null,
    expires_at = null,
    per_minute = null,
    origins = null,
  } = input
  for (const micro of micros ?? []) requireKeyMicro(micro, instance)
  requirePatterns(paths ?? [])
  return {
    micros,
    methods: methods && [...new Set(methods.map((method) => method.toUpperCase()))],
    paths,
    expiresAtMs: expires_at === null ? null : requireFuture(expires_at, nowMs),
    perMinute: per_minute,
    origins: origins && [...new Set(origins.map(requireOrigin))],
  }
}

function requireKeyMicro(name: string, { micros }: Instance): void {
  const micro = micros.find((one) => one.name === name)
  if (!micro) throw invalid(`There is no micro ${name}; there is ${micros.map((one) => one.name).join(', ')}`)
  if (!micro.apiKeys)
    throw invalid(`Micro ${name} does not accept keys; set presets.api_keys: true in its Spacefile entry`)
}

function requirePatterns(paths: readonly string[]): void {
  const [error] = diagnoseRoutes(paths).filter(({ severity }) => severity === 'error')
  if (error) throw invalid(`paths: "${error.pattern}": ${error.message}; ${error.hint}`)
}

/** In the form that browsers send (RFC 6454, 6.2). Installed apps have schemes of their own, for which `URL` has no origin. */
function requireOrigin(text: string): string {
  const url = URL.parse(text)
  const isWeb = url !== null && /^https?:$/.test(url.protocol)
  if (isWeb && `${url.origin}/` === url.href) return url.origin
  if (!isWeb && /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9.-]+(?::\d+)?$/.test(text)) return text
  throw invalid(
    `origins: "${text}" is not an origin; write only scheme, host and port, such as https://example.org`,
  )
}

function requireFuture(text: string, nowMs: number): number {
  const ms = Date.parse(text)
  if (ms <= nowMs) throw invalid('expires_at must be in the future')
  if (ms > nowMs + 10 * YEAR_MS)
    throw invalid('expires_at must be within ten years; omit it for a key that never expires')
  return ms
}
