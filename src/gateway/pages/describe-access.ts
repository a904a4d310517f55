import type { Description } from './description.ts'
import type { Problem } from './problem.ts'

type AccessProblem = Extract<Problem, { kind: 'unauthorized' | 'wrong-user' | 'key-rate' | 'sign-in-failed' }>

/** Refusals. None names the app: a person who may not open the app does not learn its name. */
export function describeAccessProblem(problem: AccessProblem): Description {
  switch (problem.kind) {
    case 'unauthorized':
      return {
        status: 401,
        code: 'unauthorized',
        error: 'Unauthorized',
        title: 'This app is private',
        text: 'Only its owner, and programs with an API key, can open it.',
        turn:
          problem.signInUrl === null
            ? { whose: 'you', text: 'Send a valid key of this app in the header `X-Space-App-Key`.' }
            : { whose: 'you', text: 'Sign in as its owner. You return to this page afterwards.' },
        icon: 'lock',
        tone: 'calm',
        ...(problem.signInUrl !== null && { action: { label: 'Sign in', href: problem.signInUrl } }),
        refusal: problem.refusal,
        whyUrl: problem.whyUrl,
        headers: [['WWW-Authenticate', 'Space']],
      }
    case 'wrong-user':
      return {
        status: 403,
        code: 'forbidden',
        error: 'Forbidden',
        title: 'You do not have access',
        text: 'This app belongs to another account of this server.',
        turn: { whose: 'you', text: 'If you have another account on this server, switch to it.' },
        icon: 'lock',
        tone: 'calm',
        action: { label: 'Switch account', href: problem.switchUrl },
        refusal: problem.refusal,
        whyUrl: problem.whyUrl,
      }
    case 'key-rate':
      return {
        status: 429,
        code: 'rate_limited',
        error: 'Too Many Requests',
        title: 'Too many requests with this key',
        text: 'The key has reached its limit of requests per minute.',
        turn: {
          whose: 'you',
          text: 'Wait for the number of seconds in `Retry-After`, then send the request again.',
        },
        icon: 'key',
        tone: 'calm',
        retryAfterSeconds: problem.retryAfterSeconds,
      }
    case 'sign-in-failed':
      return {
        status: 400,
        code: 'sign_in_failed',
        error: 'Sign-in Failed',
        title: 'Sign-in failed',
        text: SIGN_IN_FAILURES[problem.reason],
        turn: { whose: 'you', text: 'Start the sign-in again in this browser.' },
        icon: 'key',
        tone: 'calm',
        action: { label: 'Sign in again', href: problem.retryUrl },
      }
  }
}

const SIGN_IN_FAILURES = {
  expired: 'The one-time code for this app is valid for one minute, and it has expired.',
  'other-browser':
    'The sign-in was started in another browser, or this browser did not keep the sign-in cookie.',
  unknown: 'The one-time code for this app is not valid. It may have been used already.',
} as const
