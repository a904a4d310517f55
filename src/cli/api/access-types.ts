/** Answers of the platform's access API, as far as this command reads them (ARCHITECTURE, "Access"). */

/** A public rule of an app. */
export interface ExposedRoute {
  /** The micro that serves it. */
  readonly micro: string
  /** `/` or `/api`. */
  readonly mount: string
  /** Below the mount. */
  readonly pattern: string
  /** The micro whose Spacefile entry it is. */
  readonly from: string
  /** The pattern from the root of the app's host. */
  readonly outside: string
  /** Paths that it opens. */
  readonly examples: readonly string[]
}

export interface RouteWarning {
  readonly message: string
  readonly hint?: string | null
  readonly pattern: string
  readonly micro: string
}

/** What a push changes about who gets in. */
export interface Exposure {
  readonly opens: readonly ExposedRoute[]
  readonly closes: readonly ExposedRoute[]
  readonly keeps: readonly ExposedRoute[]
  readonly warnings: readonly RouteWarning[]
}

export interface SurfaceRoute extends ExposedRoute {
  readonly state: 'open' | 'closed'
  /** ISO 8601, as all times here. */
  readonly since: string | null
  readonly last_used_at: string | null
  readonly uses: number
  readonly advice: 'unused' | null
}

/** What the owner has narrowed by hand. */
export interface Override {
  readonly micro: string
  readonly kind: 'close' | 'private'
  readonly pattern: string
}

/** All that is open of an instance. */
export interface Surface {
  readonly routes: readonly SurfaceRoute[]
  readonly private: readonly {
    readonly micro: string
    readonly pattern: string
    readonly by: 'spacefile' | 'owner'
  }[]
  /** Micros that take API keys. */
  readonly keys_on: readonly string[]
  readonly warnings: readonly RouteWarning[]
  readonly overrides: readonly Override[]
}

/** How a request was or would be judged. Holds no value of a credential. */
export interface Explanation {
  readonly refusal_id?: string
  readonly at?: string
  readonly method: string
  readonly url: string
  /** As it came. */
  readonly path: string
  /** As it was judged; null when it could not be. */
  readonly canonical: string | null
  /** Every server reads the path alike. */
  readonly is_plain: boolean
  readonly instance: { readonly id: string; readonly alias: string; readonly app_name: string } | null
  readonly micro: string | null
  readonly mount: string | null
  readonly outcome: 'public' | 'pass' | 'refused' | 'malformed'
  readonly reason: string | null
  readonly rule: { readonly pattern: string; readonly from: string } | null
  readonly credential: 'none' | 'key' | 'session' | 'app'
  readonly sentences: readonly string[]
  /** What would change the outcome. */
  readonly remedies: readonly string[]
}

export interface Session {
  readonly id: string
  /** `Firefox on Linux`. */
  readonly device: string
  readonly created_at: string
  readonly last_seen_at: string
  readonly is_current: boolean
  /** Where the person is signed in with it. */
  readonly apps: readonly { readonly alias: string }[]
}
