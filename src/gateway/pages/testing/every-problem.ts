import type { Problem } from '../problem.ts'

/** One of each kind and shade, by a name. For tests and for looking at them. */
export const EVERY_PROBLEM = {
  'no such app': { kind: 'no-such-app' },
  'no such page': { kind: 'no-such-page' },
  'method not allowed': { kind: 'method-not-allowed', allow: ['GET', 'HEAD'] },
  'bad request': {
    kind: 'bad-request',
    detail: 'The address contains a character that no address may contain.',
  },
  'body too large': { kind: 'too-large', what: 'body', limitBytes: 5_767_168 },
  'head too large': { kind: 'too-large', what: 'head', limitBytes: 65_536 },
  'not signed in': {
    kind: 'unauthorized',
    refusal: 'ref_1',
    signInUrl: 'http://home.test/login',
    whyUrl: 'http://home.test/refusals/ref_1',
  },
  'wrong key': {
    kind: 'unauthorized',
    refusal: 'ref_1',
    signInUrl: null,
    whyUrl: 'http://home.test/refusals/ref_1',
  },
  'wrong user': {
    kind: 'wrong-user',
    refusal: 'ref_1',
    switchUrl: 'http://home.test/login',
    whyUrl: 'http://home.test/refusals/ref_1',
  },
  'https only': { kind: 'https-only' },
  'key used too often': { kind: 'key-rate', retryAfterSeconds: 2.5 },
  'code expired': { kind: 'sign-in-failed', reason: 'expired', retryUrl: '/' },
  'other browser': { kind: 'sign-in-failed', reason: 'other-browser', retryUrl: '/' },
  'code unknown': { kind: 'sign-in-failed', reason: 'unknown', retryUrl: '/' },
  starting: { kind: 'starting', appName: 'Notes', retryAfterSeconds: 2 },
  'crashed, visitor': {
    kind: 'app-failed',
    appName: 'Notes',
    reason: 'crashed',
    audience: { kind: 'visitor' },
  },
  'crashed, owner': {
    kind: 'app-failed',
    appName: 'Notes',
    reason: 'crashed',
    audience: { kind: 'owner', message: 'It ended with exit code 1.', logTail: 'Error: no such module\n' },
  },
  'never listened, visitor': {
    kind: 'app-failed',
    appName: 'Notes',
    reason: 'never-listened',
    audience: { kind: 'visitor' },
  },
  'never listened, owner': {
    kind: 'app-failed',
    appName: 'Notes',
    reason: 'never-listened',
    audience: { kind: 'owner', message: 'Nothing listened on port 8080.', logTail: 'listening on 3000\n' },
  },
  'refused, visitor': {
    kind: 'app-failed',
    appName: 'Notes',
    reason: 'refused',
    audience: { kind: 'visitor' },
  },
  'refused, owner': {
    kind: 'app-failed',
    appName: 'Notes',
    reason: 'refused',
    audience: { kind: 'owner', message: 'There is no sandbox on this machine.', logTail: '' },
  },
  'upstream timeout': { kind: 'upstream-timeout', appName: 'Notes', afterSeconds: 300 },
  'upstream unreachable': { kind: 'upstream-unreachable', appName: 'Notes' },
  'upstream broke off': { kind: 'upstream-broke', appName: 'Notes' },
  unavailable: { kind: 'unavailable' },
  internal: { kind: 'internal' },
} as const satisfies Readonly<Record<string, Problem>>
