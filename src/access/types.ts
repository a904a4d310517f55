/** What a decision is made from, and what it says. Plain data: nothing here can do anything. */

/** The request target, read once: what is judged here is what is forwarded. */
export type CanonicalPath =
  | {
      readonly kind: 'path'
      /** As received and as forwarded: latin1, begins with `/`, no query. */
      readonly path: string
      /** `''`, or from the `?` on. */
      readonly query: string
      /** Every server reads it alike. Otherwise `why` says what is ambiguous, and it is never public. */
      readonly isPlain: boolean
      readonly why?: string
    }
  /** Answer 400. */
  | { readonly kind: 'malformed'; readonly why: string }

/** One entry of `public_routes` or `private_routes`, below the mount of the micro that it governs. */
export interface Rule {
  readonly pattern: string
  /** The micro whose Spacefile entry it is; not the governed micro when the primary names a path below another mount. */
  readonly from: string
}

export interface EffectiveRules {
  readonly micro: string
  readonly publicRules: readonly Rule[]
  readonly privateRules: readonly Rule[]
}

export interface RuleSet {
  /** Whether `path` (below the mount, percent-encoded as received) is public, and what says so. */
  judge(path: string): PathVerdict
}

export type PathVerdict =
  | { readonly kind: 'public'; readonly rule: Rule }
  /** `rule`: the private one, or the public one that does not count. */
  | { readonly kind: 'private'; readonly why: PrivateReason; readonly rule: Rule | null }

export type PrivateReason =
  /** No public rule matches. */
  | 'no-rule'
  /** Some servers read this path in another way. */
  | 'ambiguous'
  /** `/__space`. */
  | 'reserved'
  /** A private rule matches it, or a path that some servers take for the same. */
  | 'private-rule'
  /** It is the data of a page that is private. */
  | 'page-data'

/** A micro as far as its routes go; `MicroEntry` and `MicroSpec` fit. */
export interface MicroRoutes {
  readonly name: string
  readonly primary: boolean
  /** `/` or `/api`. */
  readonly mount: string
  readonly publicRoutes: readonly string[]
  readonly privateRoutes: readonly string[]
  /** `presets.api_keys`; what is not said is off. */
  readonly apiKeys?: boolean
}

export type Principal =
  | { readonly kind: 'anonymous'; readonly rule: Rule }
  | {
      readonly kind: 'key'
      readonly id: string
      readonly name: string
      readonly perMinute?: number | null
      /** The page that asks: one of the origins that the key allows, so that it may read the answer. */
      readonly origin?: string | null
    }
  /** The app's own server code, by the `DETA_API_KEY` that has this digest. */
  | { readonly kind: 'app'; readonly keyDigest: string }
  | { readonly kind: 'user'; readonly userId: string; readonly sessionId: string }

export type Decision =
  | { readonly kind: 'pass'; readonly principal: Principal }
  | {
      readonly kind: 'refuse'
      readonly reason: RefusalReason
      /** `sign-in`: 302 into the hand-off; `unauthorized`: 401; `forbidden`: 403, signing in again would not help. */
      readonly answer: 'sign-in' | 'unauthorized' | 'forbidden'
      /** What was thrown, for the log, when the reason is `error`. */
      readonly cause?: unknown
    }

export type RefusalReason =
  /** Private, and no credential was presented that is judged here. */
  | 'no-credential'
  /** More than one `X-Space-App-Key`. */
  | 'key-repeated'
  /** No such key: wrong, deleted, or of another instance. */
  | 'key-unknown'
  | 'key-expired'
  /** The serving micro has no `presets.api_keys`. */
  | 'key-not-enabled'
  /** The key is limited to other micros. */
  | 'key-micro'
  | 'key-method'
  /** The key is limited to other paths, or the path is ambiguous. */
  | 'key-path'
  /** The key is for pages of other origins. */
  | 'key-origin'
  | 'session-unknown'
  | 'session-expired'
  /** More session cookies than are looked at, or of several people. */
  | 'session-ambiguous'
  /** Signed in, but this is somebody else's instance. */
  | 'wrong-user'
  /** A session, presented by a page of another origin or without saying which. */
  | 'cross-site'
  /** Something threw or is unknown. */
  | 'error'

/** What the gateway reads from the head of a request. A header that is repeated is joined with `, ` unless a list is asked for. */
export interface RequestFacts {
  /** As on the wire. */
  readonly method: string
  /** Scheme and authority the client used, `https://notes-ab12.cloud.test` (see `originOf`). */
  readonly origin: string
  /** `Upgrade` was asked for. */
  readonly isUpgrade: boolean
  /** Every value of `X-Space-App-Key`. */
  readonly appKeys: readonly string[]
  /** Every value of `X-API-Key`. */
  readonly apiKeys: readonly string[]
  /** Every value of this host's session cookie (see `cookieValues`). */
  readonly sessionTokens: readonly string[]
  readonly originHeader: string | null
  readonly secFetchSite: string | null
  readonly secFetchMode: string | null
  readonly secFetchDest: string | null
  readonly accept: string | null
}

/** Where the request goes; what `DirectoryReplica.locate` returns fits. */
export interface RouteFacts {
  readonly instance: { readonly id: string; readonly userIds: readonly string[] }
  readonly micro: { readonly name: string; readonly apiKeys: boolean; readonly rules: RuleSet }
  /** Below the mount, as received. */
  readonly path: string
}

export interface KeyRecord {
  readonly id: string
  readonly name: string
  readonly instanceId: string
  readonly expiresAtMs: number | null
  /** Requests a minute; null or absent: no bound. Not judged here, because it needs a memory. */
  readonly perMinute?: number | null
  /** Origins of pages that may use it, and read the answers; null or absent: nothing is said about pages. */
  readonly origins?: readonly string[] | null
  /** null: wherever keys work on this instance. */
  readonly scope: KeyScope | null
}

export interface KeyScope {
  readonly micros: readonly string[] | null
  readonly methods: readonly string[] | null
  /** Compiled path patterns, below the micro's mount. */
  readonly paths: RuleSet | null
}

export interface SessionRecord {
  readonly id: string
  readonly instanceId: string
  readonly userId: string
  readonly expiresAtMs: number
}

/** Looks credentials up. `DirectoryReplica` is one. */
export interface CredentialLookup {
  findKey(token: string): KeyRecord | null
  findSession(token: string, instanceId: string): SessionRecord | null
  /** The digest of the instance's `DETA_API_KEY` if this is it. */
  findInternalKey(token: string, instanceId: string): string | null
}

export interface DecisionInput {
  readonly request: RequestFacts
  readonly route: RouteFacts
  readonly credentials: CredentialLookup
  /** Wall clock, milliseconds since 1970. */
  readonly nowMs: number
}

/** A decision that let a long-lived stream in, kept to be asked again when rights shrink. */
export interface Grant {
  /** Name it was asked for by, in lower case: a custom domain may be taken from the instance. */
  readonly host: string
  readonly instanceId: string
  readonly micro: string
  /** Below the mount, as received. */
  readonly path: string
  readonly method: string
  readonly principal: Principal
}

export interface RouteDiagnostic {
  readonly severity: 'error' | 'warning'
  /** Position in the list that was given. */
  readonly index: number
  readonly pattern: string
  /** One sentence without a full stop. */
  readonly message: string
  readonly hint?: string
}
