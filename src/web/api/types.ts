/** What Home reads from the platform's API; the calls are listed in ARCHITECTURE.md. Times are ISO 8601. */
export interface User {
  id: string
  username: string
}

export interface Status {
  setup: 'needed' | 'done'
  version: string
  user: User | null
}

export interface Instance {
  id: string
  app_id: string
  app_name: string
  alias: string
  url: string
  channel: string
  status: 'running' | 'asleep' | 'starting' | 'crashed' | 'updating'
  revision_tag: string | null
  icon_url: string | null
  updated_at: string
  api_keys_enabled: boolean
  public_routes: PublicRoute[]
  micros: Micro[]
}

export interface PublicRoute {
  micro: string
  mount: string
  pattern: string
}

export interface Micro {
  id: string
  name: string
  primary: boolean
  engine: string
  mount: string
  api_keys: boolean
}

export interface ApiKey {
  id: string
  name: string
  created_at: string
  expires_at?: string | null
  last_used_at?: string | null
  uses?: number
  /** Null or missing: not restricted. */
  micros?: string[] | null
  methods?: string[] | null
  /** Patterns below the mount of a micro. */
  paths?: string[] | null
  per_minute?: number | null
  /** Origins of the pages that may use the key. */
  origins?: string[] | null
}

/** Restrictions of a new key. */
export type KeyScope = Pick<ApiKey, 'micros' | 'methods' | 'paths' | 'expires_at' | 'per_minute' | 'origins'>

export interface NewApiKey extends ApiKey {
  /** Shown once; the server keeps a digest. */
  value: string
}

/** What a token may do. */
export type TokenScope = 'all' | 'push' | 'read'

export interface AccessToken {
  id: string
  name: string
  scope: TokenScope
  expires_at: string
  /** Latest expiry; later than `expires_at` where each use extends the token. */
  ends_at: string
  last_used_at: string | null
}

export interface NewAccessToken extends AccessToken {
  value: string
}

export interface CliLogin {
  id: string
  /** Chosen by the requesting program, which is not trusted. */
  name: string
  scope: TokenScope
  /** Address of the request. */
  client: string
  /** Compared with the network of this browser. */
  network: 'same' | 'other' | 'unknown'
  user_code: string
  created_at: string
}

export interface Storage {
  disk: { total_bytes: number; available_bytes: number; used_share: number; is_nearly_full: boolean }
  build_caches: { bytes: number; apps: { app_id: string; bytes: number }[] }
}

export interface LogLine {
  micro_name: string
  event_type: string
  timestamp: string
  msg: string
}
