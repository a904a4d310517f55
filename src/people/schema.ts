import type { Generated } from 'kysely'
import type { Id, InstanceId, SessionId, UserId } from '../kernel/ids.ts'

export type CliLoginId = Id<'cli'>

/** Tables of this module. Times are Unix milliseconds; `…_digest` is SHA-256 (`digestOf`), `…_sealed` needs the server key. */
export interface AccountsTables {
  /** At most one row. It stays after the owner's deletion, so that set-up never reopens. */
  setup: { only: 1; done_at_ms: number; owner_id: UserId | null }
  users: {
    id: UserId
    /** Lower case, as is `email`, so that their unique indexes ignore case. */
    username: string
    email: string | null
    password_hash: string
    created_at_ms: number
  }
  home_sessions: {
    id: SessionId
    user_id: UserId
    secret_digest: string
    user_agent: string
    /** Network of the sign-in; empty for older sessions. */
    network: Generated<string>
    created_at_ms: number
    last_seen_at_ms: number
    expires_at_ms: number
  }
  app_sessions: {
    id: SessionId
    home_session_id: SessionId
    user_id: UserId
    instance_id: InstanceId
    host: string
    secret_digest: string
    created_at_ms: number
    expires_at_ms: number
  }
  handoff_codes: {
    code_digest: string
    home_session_id: SessionId
    user_id: UserId
    instance_id: InstanceId
    host: string
    /** base64url(SHA-256(pre-login cookie of the browser)). */
    challenge: string
    return_to: string
    expires_at_ms: number
  }
  access_tokens: {
    /** The eight characters before `_`. */
    id: string
    user_id: UserId
    name: string
    /** Must stay readable: it is the key of an HMAC (COMPAT 3.4). */
    secret_sealed: string
    /** A `TokenScope`. */
    scope: Generated<string>
    created_at_ms: number
    /** Current expiry; a use may extend it. */
    expires_at_ms: number
    /** Lifetime after a use; null: uses do not extend the token. */
    idle_ms: number | null
    /** Latest expiry, regardless of uses. */
    ends_at_ms: number
    last_used_at_ms: number | null
  }
  cli_logins: {
    id: CliLoginId
    name: string
    /** The requested `TokenScope`. */
    scope: Generated<string>
    /** Address of the requesting program, and its network for limits. */
    client: string
    network: string
    poll_digest: string
    user_code: string
    status: 'pending' | 'approved' | 'denied'
    /** The person who approved the login. */
    user_id: UserId | null
    created_at_ms: number
    expires_at_ms: number
  }
}
