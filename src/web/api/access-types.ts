/** What Home reads from the access API ("Access" in ARCHITECTURE.md). Times are ISO 8601. */

/** A public rule of an app. */
export interface ExposedRoute {
  /** The micro that serves it. */
  micro: string
  mount: string
  /** Below the mount. */
  pattern: string
  /** The micro whose Spacefile entry has the rule. */
  from: string
  /** The pattern, relative to the root of the app's host. */
  outside: string
  examples: string[]
}

export interface SurfaceRoute extends ExposedRoute {
  state: 'open' | 'closed'
  since: string | null
  last_used_at: string | null
  uses: number
  /** `unused`: open for a long time, and never used. */
  advice: 'unused' | null
}

export interface PrivatePattern {
  micro: string
  pattern: string
  by: 'spacefile' | 'owner'
}

/** The owner's overrides; they restrict access and never extend it. */
export interface Override {
  micro: string
  kind: 'close' | 'private'
  pattern: string
}

export interface RouteWarning {
  message: string
  hint?: string | null
  pattern: string
  micro: string
}

/** Everything public of an instance. */
export interface Surface {
  routes: SurfaceRoute[]
  private: PrivatePattern[]
  /** Micros that take API keys. */
  keys_on: string[]
  warnings: RouteWarning[]
  overrides: Override[]
}

/** The decision on a real or hypothetical request. */
export interface Explanation {
  refusal_id?: string
  at?: string
  method: string
  url: string
  path: string
  /** The canonical path; null when there is none. */
  canonical: string | null
  /** Every server reads the path in the same way. */
  is_plain: boolean
  instance: { id: string; alias: string; app_name: string } | null
  micro: string | null
  mount: string | null
  outcome: 'public' | 'pass' | 'refused' | 'malformed'
  reason: string | null
  rule: { pattern: string; from: string } | null
  credential: 'none' | 'key' | 'session' | 'app'
  sentences: string[]
  remedies: string[]
}

export interface Session {
  id: string
  device: string
  created_at: string
  last_seen_at: string
  is_current: boolean
  apps: { alias: string }[]
}
