import type { KeyRecord, RouteFacts, RefusalReason, RequestFacts } from '../types.ts'

/** Why this key does not admit the request, or null if it does. The key was presented and found. */
export function judgeKey(
  key: KeyRecord,
  route: RouteFacts,
  method: string,
  nowMs: number,
): RefusalReason | null {
  // Only the log distinguishes a key of another instance from an unknown one.
  if (key.instanceId !== route.instance.id) return 'key-unknown'
  if (isExpired(key.expiresAtMs, nowMs)) return 'key-expired'
  if (route.micro.apiKeys !== true) return 'key-not-enabled'
  if (key.scope === null) return null
  const { micros, methods, paths } = key.scope
  if (micros !== null && !micros.includes(route.micro.name)) return 'key-micro'
  if (methods !== null && !methods.includes(method)) return 'key-method'
  if (paths !== null && paths.judge(route.path).kind !== 'public') return 'key-path'
  return null
}

/**
 * Whether the request comes from a page that the key is not for. Programs send no `Origin`, and may use every key: only
 * browsers name the page, and scripts cannot change the name.
 */
export const isFromOtherOrigin = ({ origins }: KeyRecord, { originHeader }: RequestFacts): boolean =>
  origins != null && originHeader !== null && !origins.includes(originHeader)

/** A time that is not a number counts as passed. */
export const isExpired = (expiresAtMs: number | null, nowMs: number): boolean =>
  expiresAtMs !== null && !(nowMs < expiresAtMs)
