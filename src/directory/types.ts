import type { RefusalReason, RuleSet } from '../access/index.ts'

/**
 * What the gateway decides from. Plain data: the platform publishes it, every gateway keeps a copy.
 * Secrets appear as SHA-256 digests only (base64url, see `digestOf`).
 */
export interface InstanceEntry {
  readonly id: string
  /** Shown on the gateway's own pages. */
  readonly appName: string
  /** Lower-case host names without port or trailing dot; the built-in one first, then custom domains. */
  readonly hosts: readonly string[]
  /** Users whose sessions are let in. */
  readonly userIds: readonly string[]
  /** Digest of `DETA_API_KEY` (COMPAT 1.8). */
  readonly internalKeyDigest: string
  /** Where its data is; a session of one of its hosts opens this collection and no other. */
  readonly collectionId: string
  /** Builder instance: its owner is shown the end of the log when a micro fails. */
  readonly isDevelopment: boolean
  /** `auto_pwa` (COMPAT 4.7): pages that a signed-in user opens load the client runtime. */
  readonly addsRuntime: boolean
  readonly micros: readonly MicroEntry[]
}

export interface MicroEntry {
  readonly name: string
  readonly primary: boolean
  /** `/` or `/api`. */
  readonly mount: string
  readonly publicRoutes: readonly string[]
  readonly privateRoutes: readonly string[]
  readonly apiKeys: boolean
  readonly upstream: UpstreamEntry
}

export type UpstreamEntry =
  /** Files below `root` (absolute). `spaFallback`: unknown navigations get `/index.html` (COMPAT 8). */
  | { readonly kind: 'static'; readonly root: string; readonly spaFallback: boolean }
  /** A server process; `address` is null while it sleeps and the gateway has to wake it. */
  | {
      readonly kind: 'process'
      readonly address: UpstreamAddress | null
      /**
       * The HTTP server behind the address, if the engine determines it; absent: how it reads a request body is
       * unknown.
       */
      readonly server?: 'node' | 'bun'
    }

/** TCP, or the path of a Unix socket. */
export type UpstreamAddress = { readonly host: string; readonly port: number } | { readonly socket: string }

export interface SessionEntry {
  readonly id: string
  /** Of the cookie's value. */
  readonly digest: string
  readonly instanceId: string
  readonly userId: string
  readonly expiresAtMs: number
}

export interface KeyEntry {
  readonly id: string
  readonly name: string
  /** Of the whole value as presented, `<id part>_<secret>`. */
  readonly digest: string
  readonly instanceId: string
  /** null: no restriction beyond the micro's own `api_keys`. */
  readonly micros: readonly string[] | null
  readonly methods: readonly string[] | null
  readonly paths: readonly string[] | null
  readonly expiresAtMs: number | null
  /** Requests per minute that one gateway lets in; null or absent: no bound. */
  readonly perMinute?: number | null
  /** Origins of pages that may use it; null or absent: pages are not restricted. */
  readonly origins?: readonly string[] | null
}

/** A data key (COMPAT 1.6): what it opens. Gateways need none: only the process that opens collections judges them. */
export interface DataKeyEntry {
  readonly id: string
  /** Of the whole value as presented, `<collection id>_<secret>`. */
  readonly digest: string
  readonly collectionId: string
  readonly mayWrite: boolean
  /** Names of the Bases that it opens; null: all. */
  readonly bases: readonly string[] | null
  /** Names of the Drives that it opens; null: all. */
  readonly drives: readonly string[] | null
  readonly expiresAtMs: number | null
  /** Only for the key of an app; null or absent: the same for everyone whom the app answers. */
  readonly strangers?: StrangerLimits | null
}

/** What a data key opens while its app answers a request without credentials. */
export interface StrangerLimits {
  /** Whose identities count (see `identityKeyOf`). */
  readonly instanceId: string
  readonly mayWrite: boolean
  readonly bases: readonly string[] | null
  readonly drives: readonly string[] | null
  /** A call without an identity has these limits, too. */
  readonly needsIdentity: boolean
  /** Added by the publisher (see `withIdentityKey`); base64url. */
  readonly identityKey?: string
}

export type DirectoryChange =
  | { readonly op: 'instance.put'; readonly instance: InstanceEntry }
  | { readonly op: 'instance.delete'; readonly id: string }
  | {
      readonly op: 'upstream.set'
      readonly instanceId: string
      readonly micro: string
      readonly address: UpstreamAddress | null
    }
  | { readonly op: 'session.put'; readonly session: SessionEntry }
  | { readonly op: 'session.delete'; readonly id: string }
  | { readonly op: 'key.put'; readonly key: KeyEntry }
  | { readonly op: 'key.delete'; readonly id: string }
  | { readonly op: 'dataKey.put'; readonly key: DataKeyEntry }
  | { readonly op: 'dataKey.delete'; readonly id: string }

/** Uses that a gateway, or the process that opens collections, counted since its last report; may be lost. */
export interface UseCount {
  readonly kind: 'rule' | 'key' | 'session' | 'dataKey'
  /** Of a data key: its collection. */
  readonly instanceId: string
  /** Id of the key, session or data key; for a rule `<micro> <pattern>`. */
  readonly id: string
  readonly count: number
  readonly lastAtMs: number
}

/** A refused request, as a gateway remembers it: without its query, and without any credential. */
export interface Refusal {
  /** The request's id, which its answer names. */
  readonly id: string
  readonly atMs: number
  readonly instanceId: string
  readonly method: string
  /** `http://notes-ab12.cloud.test:7070` */
  readonly origin: string
  /** From the root of the host, as received. */
  readonly path: string
  /**
   * `reserved`: a path below `/__space` that is not served; `malformed`: a target that servers could read differently.
   */
  readonly reason: RefusalReason | 'reserved' | 'malformed'
  readonly credential: 'none' | 'key' | 'session' | 'app'
}

/** A mistake of an app that a gateway observed; becomes one line of the app's log, for its developer. */
export interface LogNote extends MicroRef {
  /** A `Set-Cookie` was dropped because its Domain is wider than the host of the app. */
  readonly kind: 'wide-cookie'
  /** Name and Domain, truncated to 64 characters. */
  readonly cookie: string
  readonly domain: string
}

/** One micro of one instance. */
export interface MicroRef {
  readonly instanceId: string
  readonly micro: string
}

/** The platform's answer when a gateway wakes a micro. */
export type WakeResult =
  | { readonly kind: 'ready'; readonly address: UpstreamAddress }
  /** The app's own fault (`unavailable`: the platform cannot be asked); `logTail` is shown to the owner only. */
  | {
      readonly kind: 'failed'
      readonly reason: 'crashed' | 'never-listened' | 'refused' | 'unavailable'
      readonly message: string
      readonly logTail: string
    }

/** How a micro crashed recently; `logTail` is shown to the owner only. */
export interface MicroCrash {
  readonly message: string
  readonly logTail: string
}

/** Where a request goes; an argument of `decide`. */
export type Location =
  | {
      readonly kind: 'micro'
      readonly instance: LocatedInstance
      readonly micro: LocatedMicro
      readonly path: string
    }
  | { readonly kind: 'unknown-host' }
  /** This copy may be out of date, so requests must not be decided from it: answer 503 with `Retry-After: 1`. */
  | { readonly kind: 'not-current' }

export type LocatedInstance = Omit<InstanceEntry, 'micros' | 'internalKeyDigest'>

export interface LocatedMicro extends Pick<
  MicroEntry,
  'name' | 'primary' | 'mount' | 'apiKeys' | 'upstream'
> {
  readonly rules: RuleSet
}
