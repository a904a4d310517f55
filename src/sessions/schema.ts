import type { Generated } from 'kysely'
import type { Id, InstanceId, SessionId, UserId } from '../kernel/ids.ts'
import type { PeopleTables } from '../people/index.ts'

export type CliLoginId = Id<'cli'>

/**
 * Rows of sessions, with those of people, whom they belong to. Times are Unix milliseconds; `…_digest` is SHA-256
 * (`digestOf`), `…_sealed` needs the server key.
 */
export interface SessionsTables extends PeopleTables {
  home_sessions: {
    id: SessionId
    user_id: UserId
    secret_digest: string
    user_agent: string
    /** Where it began; empty for sessions from before this was kept. */
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
    /** Readable, because it is the key of an HMAC (COMPAT 3.4). */
    secret_sealed: string
    /** A `TokenScope`. */
    scope: Generated<string>
    created_at_ms: number
    /** As things are: a use may put it off. */
    expires_at_ms: number
    /** How long it lives after a use; null: uses put nothing off. */
    idle_ms: number | null
    /** No use puts its end off beyond this. */
    ends_at_ms: number
    last_used_at_ms: number | null
  }
  cli_logins: {
    id: CliLoginId
    name: string
    /** The `TokenScope` that is asked for. */
    scope: Generated<string>
    /** Address of the program that asked, and the network that limits count it as. */
    client: string
    network: string
    poll_digest: string
    user_code: string
    status: 'pending' | 'approved' | 'denied'
    /** Who approved it. */
    user_id: UserId | null
    created_at_ms: number
    expires_at_ms: number
  }
}
