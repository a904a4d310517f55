/**
 * Accounts: people and how they prove who they are. Owns users and passwords, the set-up of the owner, sessions of Home
 * and of app hosts, the one-time codes between the two, access tokens and signed requests, log-ins from the command
 * line, and the addresses a log-in may lead to. It never speaks HTTP, never knows what an app is beyond its id, and
 * returns the sessions that ended instead of telling gateways itself. Secrets leave it once and are stored as digests;
 * those that must stay readable are sealed. Calls take the time (Unix ms) and throw HttpError for what a client did wrong.
 */
export { accountsMigrations } from './migrations.ts'
export type { AccountsTables, CliLoginId } from './schema.ts'
export { createLimits, type Limits } from './limits.ts'

export { createSetupGate, type SetupGate } from './setup-gate.ts'
export {
  changePassword,
  createOwner,
  createUser,
  deleteUser,
  getUser,
  isServerOwner,
  isSetUp,
  type User,
} from './users.ts'
export { type KnownDevice, type LogIn, logIn } from './log-in.ts'

export {
  createHomeSession,
  endHomeSessions,
  getHomeSession,
  isHomeSession,
  knownHomeSecrets,
  listHomeSessions,
  prolongUsedSessions,
} from './home-sessions.ts'
export type { HomeSession, HomeSessionInfo, NewHomeSession } from './home-sessions.ts'
export { issueHandoffCode, redeemHandoffCode, type Handoff, type Redeemed } from './handoff.ts'
export {
  endAppSession,
  endAppSessionsAt,
  endAppSessionsOf,
  listAppSessions,
  listAppSessionsOfUser,
  type AppSession,
} from './app-sessions.ts'
export { isOwnRedirect, type OwnHosts, safeReturnPath } from './redirects.ts'

export { createAccessToken, deleteAccessToken, isAccessToken, listAccessTokens } from './access-tokens.ts'
export type { AccessToken, NewAccessToken } from './access-tokens.ts'
export {
  hasSigner,
  type SignatureVerdict,
  type SignedRequest,
  verifySignedRequest,
} from './signed-request.ts'
export { answerCliLogin, createCliLogin, getCliLogin, pollCliLogin } from './cli-logins.ts'
export type { CliLogin, CliLoginAnswer, CliLoginPoll, NewCliLogin } from './cli-logins.ts'

export { sweepAccounts } from './sweep.ts'
