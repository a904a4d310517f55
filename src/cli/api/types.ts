/** Answers of the platform's HTTP API, as far as this command reads them (ARCHITECTURE, COMPAT 3.5–3.7). */
export interface Page {
  readonly size: number
  readonly last: string | null
}

export interface Status {
  readonly setup: 'needed' | 'done'
  readonly version: string
  /** Older servers do not say. */
  readonly max_upload_bytes?: number
}

export interface User {
  readonly id: string
  readonly username: string
}

export interface App {
  readonly id: string
  readonly name: string
  readonly alias: string
}

export interface PublicRoute {
  readonly micro: string
  /** `/` or `/api`. */
  readonly mount: string
  /** Below the mount: `/ping`, `/*`. */
  readonly pattern: string
}

export interface Instance {
  readonly id: string
  readonly app_id: string
  readonly app_name: string
  readonly alias: string
  readonly url: string
  readonly channel: string
  readonly status: 'running' | 'asleep' | 'starting' | 'crashed' | 'updating'
  readonly revision_tag: string
  readonly updated_at: string
  readonly api_keys_enabled: boolean
  readonly public_routes: readonly PublicRoute[]
  /** Only in the answer for one instance. */
  readonly micros?: readonly { readonly name: string; readonly mount: string }[]
}

export interface ApiKey {
  readonly id: string
  readonly name: string
  readonly created_at: string
  /** What follows is missing in answers of servers that know no limits of keys; null: no limit. */
  readonly micros?: readonly string[] | null
  readonly methods?: readonly string[] | null
  /** Patterns below the mount of a micro. */
  readonly paths?: readonly string[] | null
  readonly per_minute?: number | null
  /** Of pages that may use it. */
  readonly origins?: readonly string[] | null
  readonly expires_at?: string | null
  readonly last_used_at?: string | null
  readonly uses?: number
}

export type NewApiKey = ApiKey & {
  /** Shown this once. */
  readonly value: string
}

export interface Domain {
  readonly id: string
  readonly name: string
  readonly url: string
  readonly status: 'pending' | 'active'
  /** While pending: what the last look for the proof has found; null before the first. */
  readonly finding?: 'none' | 'others' | 'no-answer' | null
  /** Once active: DNS, or the word of the server's owner. */
  readonly proof?: 'dns' | 'owner'
  readonly created_at: string
  /** To be set in its DNS. */
  readonly records: readonly { readonly type: string; readonly name: string; readonly value: string }[]
}

export interface Domains {
  readonly builtin: { readonly name: string; readonly url: string }
  readonly domains: readonly Domain[]
}

export interface LogEntry {
  readonly micro_name: string
  readonly event_type: string
  readonly timestamp: string
  readonly msg: string
}

/** What a token may do: everything its person may; create apps and push to them; read. */
export const TOKEN_SCOPES = ['all', 'push', 'read'] as const
export type TokenScope = (typeof TOKEN_SCOPES)[number]

export interface CliLogin {
  readonly id: string
  readonly poll_token: string
  readonly user_code: string
  readonly url: string
  readonly expires_at: string
}

export interface CliLoginPoll {
  readonly status: 'pending' | 'approved' | 'denied' | 'expired'
  readonly access_token?: string
}
