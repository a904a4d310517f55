/**
 * The rights of an access token: all rights of its person; create apps and push to them; or read. Stored as text, so that
 * later scopes need no new column.
 */
export const TOKEN_SCOPES = ['all', 'push', 'read'] as const
export type TokenScope = (typeof TOKEN_SCOPES)[number]

/** Null for a scope that this version does not know: such a token has no rights. */
export const parseTokenScope = (text: string): TokenScope | null =>
  TOKEN_SCOPES.find((scope) => scope === text) ?? null
