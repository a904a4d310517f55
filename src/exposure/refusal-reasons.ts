import type { RefusalReason } from '../access/index.ts'

/** Why a request was refused, for the owner of the app. */
export const REASONS: Readonly<Record<RefusalReason, string>> = {
  'no-credential': 'The path is private, and the request had no credential.',
  'key-repeated': 'The request had several X-Space-App-Key headers.',
  'key-unknown': 'The key is wrong, was deleted, or belongs to another app.',
  'key-expired': 'The key has expired.',
  'key-not-enabled': 'The key is valid, but this micro does not accept keys.',
  'key-micro': 'The key is valid, but not for this micro.',
  'key-method': 'The key is valid, but not for this method.',
  'key-path': 'The key is valid, but not for this path.',
  'key-origin': 'The key is valid, but not for pages of the origin that sent the request.',
  'session-unknown': 'The session has ended, or belongs to another app.',
  'session-expired': 'The session has expired.',
  'session-ambiguous': 'The browser sent several session cookies, so the person could not be determined.',
  'wrong-user': 'The person who was signed in may not open this app.',
  'cross-site': 'A page of another site made the request with the session of this browser.',
  error: 'An error occurred during the decision, so the request was refused.',
}
