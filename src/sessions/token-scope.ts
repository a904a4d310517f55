/**
 * What an access token may do: everything its person may; create apps and push to them; or read. Text in the database, so
 * that later kinds need no new column.
 */
export const TOKEN_SCOPES = ['all', 'push', 'read'] as const
export type TokenScope = (typeof TOKEN_SCOPES)[number]

/** Null for text that this version does not know: such a token has no rights. */
export const parseTokenScope = (text: string): TokenScope | null =>
  TOKEN_SCOPES.find((scope) => scope === text) ?? null
