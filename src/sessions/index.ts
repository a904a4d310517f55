/**
 * Sessions: how a person or a command line proves its identity, and how a session ends. Owns sessions of Home and of app
 * hosts, the hand-off between the two, password login, access tokens, signed requests, command-line logins and the
 * addresses a login may redirect to. Functions take the time in Unix ms, store only digests of secrets (or sealed
 * values where a secret must stay readable) and throw HttpError for a client's mistake. Never speaks HTTP. Start
 * reading at handoff.ts.
 */
export {
  type AccessToken,
  createAccessToken,
  deleteAccessToken,
  isAccessToken,
  listAccessTokens,
} from './access-tokens.ts'
export { changePassword, deleteUser } from './account-changes.ts'
export {
  type AppSession,
  endAppSession,
  endAppSessionsAt,
  endAppSessionsOf,
  listAppSessions,
  listAppSessionsOfUser,
} from './app-sessions.ts'
export { answerCliLogin, createCliLogin, getCliLogin, pollCliLogin } from './cli-logins.ts'
export { sweepAccounts } from './expire.ts'
export { issueHandoffCode, redeemHandoffCode } from './handoff.ts'
export {
  createHomeSession,
  endHomeSessions,
  getHomeSession,
  type HomeSession,
  type HomeSessionInfo,
  isHomeSession,
  knownHomeSecrets,
  listHomeSessions,
  prolongHomeSession,
  prolongUsedSessions,
} from './home-sessions.ts'
export { type KnownDevice, logIn } from './password-login.ts'
export { createLimits, type Limits } from './rate-limiters.ts'
export { isOwnRedirect, type OwnHosts, safeReturnPath } from './safe-redirect.ts'
export { createSetupCode, type SetupCode } from './setup-code.ts'
export { claimedToken, verifySignedRequest } from './signed-request.ts'
export { TOKEN_SCOPES, type TokenScope } from './token-scope.ts'
