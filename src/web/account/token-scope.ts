import type { TokenScope } from '../../contract/index.ts'

/** What a token of each scope may do, in words. */
export const SCOPE_TEXT: Readonly<Record<TokenScope, string>> = {
  all: 'Full access',
  push: 'Create apps and push to them',
  read: 'Read only',
}

export const SCOPES = Object.keys(SCOPE_TEXT) as TokenScope[]
