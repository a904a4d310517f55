/** The input and the result of a decision. Plain data, without behaviour. */

/** The request target, read once: what is judged is what is forwarded. */
export type CanonicalPath =
  | {
      readonly kind: 'path'
      /** As received and as forwarded: latin1, begins with `/`, no query. */
      readonly path: string
      /** `''`, or the text from the `?` on. */
      readonly query: string
      /** Whether every server reads it alike. Otherwise `why` says what is ambiguous, and the path is never public. */
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
  /** Whether `path` (below the mount, percent-encoded as received) is public, and by which rule. */
  judge(path: string): PathVerdict
}

export type PathVerdict =
  | { readonly kind: 'public'; readonly rule: Rule }
  /** `rule`: the private rule, or the public rule that does not count. */
  | { readonly kind: 'private'; readonly why: PrivateReason; readonly rule: Rule | null }

export type PrivateReason =
  /** No public rule matches. */
  | 'no-rule'
  /** Some servers read this path differently. */
  | 'ambiguous'
  /** `/__space`. */
  | 'reserved'
  /** A private rule matches it, or an equivalent path. */
  | 'private-rule'
  /** The path is the data of a page that is private. */
  | 'page-data'

/** The routes of a micro; `MicroEntry` is assignable. */
export interface MicroRoutes {
  readonly name: string
  readonly primary: boolean
  /** `/` or `/api`. */
  readonly mount: string
  readonly publicRoutes: readonly string[]
  readonly privateRoutes: readonly string[]
  /** `presets.api_keys`; off if missing. */
  readonly apiKeys?: boolean
}

export type Principal =
  | { readonly kind: 'anonymous'; readonly rule: Rule }
  | {
      readonly kind: 'key'
      readonly id: string
      readonly name: string
      readonly perMinute?: number | null
      /**
       * Origin of the page that sent the request, one of the origins that the key allows: the page may read the answer.
       */
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
  /** Private, and no credential of ours was presented. */
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
  /** More session cookies than are checked, or sessions of several users. */
  | 'session-ambiguous'
  /** Signed in as a user who may not use this instance. */
  | 'wrong-user'
  /** A session, presented by a page of another origin or of an unknown one. */
  | 'cross-site'
  /** An error was thrown. */
  | 'error'

/** What the decision needs of a request's head. Repeated headers are joined with `, `, except for the lists. */
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

/** What the decision needs of the route; a located micro of `DirectoryReplica.locate` is assignable. */
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
  /** Requests per minute; null or absent: no bound. Not checked here, because counting needs state. */
  readonly perMinute?: number | null
  /** Origins of pages that may use the key and read the answers; null or absent: pages are not restricted. */
  readonly origins?: readonly string[] | null
  /** null: everything on this instance that keys open. */
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

/** Looks up credentials. `DirectoryReplica` implements it. */
export interface CredentialLookup {
  findKey(token: string): KeyRecord | null
  findSession(token: string, instanceId: string): SessionRecord | null
  /** The digest of the instance's `DETA_API_KEY`, if the token is that key. */
  findInternalKey(token: string, instanceId: string): string | null
}

export interface DecisionInput {
  readonly request: RequestFacts
  readonly route: RouteFacts
  readonly credentials: CredentialLookup
  /** Wall clock, milliseconds since 1970. */
  readonly nowMs: number
}

/** An admitted request that is still open, kept so that it can be decided again when rights are revoked. */
export interface Grant {
  /** Host name of the request, in lower case: a custom domain may be removed from the instance. */
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
