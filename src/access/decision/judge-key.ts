import type { KeyRecord, RouteFacts, RefusalReason, RequestFacts } from '../types.ts'

/** Why this key does not open this place, or null: it does. The key is one that was presented and found. */
export function judgeKey(
  key: KeyRecord,
  route: RouteFacts,
  method: string,
  nowMs: number,
): RefusalReason | null {
  // A key of another instance is told apart from none only in the log.
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
 * Whether a page asks that the key is not for. Programs send no `Origin`, and may use every key: browsers alone say which
 * page asks, and scripts cannot change it.
 */
export const isFromOtherOrigin = ({ origins }: KeyRecord, { originHeader }: RequestFacts): boolean =>
  origins != null && originHeader !== null && !origins.includes(originHeader)

/** A time that is no number has passed. */
export const isExpired = (expiresAtMs: number | null, nowMs: number): boolean =>
  expiresAtMs !== null && !(nowMs < expiresAtMs)
