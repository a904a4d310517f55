import type { TokenScope } from '../../contract/index.ts'

/** What a token of each scope may do, as a person reads it. */
export const SCOPE_TEXT: Readonly<Record<TokenScope, string>> = {
  all: 'Do everything you can',
  push: 'Create apps and push to them',
  read: 'Read, and change nothing',
}

export const SCOPES = Object.keys(SCOPE_TEXT) as TokenScope[]
