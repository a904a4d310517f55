import type { RefusalReason } from '../access/index.ts'

/** Why a request was refused, for the owner of the app. */
export const REASONS: Readonly<Record<RefusalReason, string>> = {
  'no-credential': 'The path is private, and the request brought no credential.',
  'key-repeated': 'The request had several X-Space-App-Key headers.',
  'key-unknown': 'The key is wrong, was deleted, or belongs to another app.',
  'key-expired': 'The key has expired.',
  'key-not-enabled': 'The key is good, but this micro takes no keys.',
  'key-micro': 'The key is good, but not for this micro.',
  'key-method': 'The key is good, but not for this method.',
  'key-path': 'The key is good, but not for this path.',
  'key-origin': 'The key is good, but not for pages of the origin that asked.',
  'session-unknown': 'The session has ended, or belongs to another app.',
  'session-expired': 'The session has expired.',
  'session-ambiguous': 'The browser sent several sessions, and nothing tells which is whose.',
  'wrong-user': 'The person who was signed in may not open this app.',
  'cross-site': 'A page of another site made the request with the session of this browser.',
  error: 'Something went wrong in the decision, so the answer was no.',
}
