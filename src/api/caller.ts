import type { TokenScope } from '../contract/index.ts'
import type { SessionId } from '../kernel/ids.ts'
import type { User } from '../people/index.ts'

export interface SessionCaller {
  readonly kind: 'session'
  readonly user: User
  readonly sessionId: SessionId
}

export interface TokenCaller {
  readonly kind: 'token'
  readonly user: User
  readonly tokenId: string
  readonly scope: TokenScope
}

/** Whom the credential of a `user` call proved. */
export type Caller = SessionCaller | TokenCaller
