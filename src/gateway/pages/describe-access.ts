import type { Description } from './description.ts'
import type { Problem } from './problem.ts'

type AccessProblem = Extract<Problem, { kind: 'unauthorized' | 'wrong-user' | 'key-rate' | 'sign-in-failed' }>

/** Refusals. None names the app: whoever may not open it need not learn what it is. */
export function describeAccessProblem(problem: AccessProblem): Description {
  switch (problem.kind) {
    case 'unauthorized':
      return {
        status: 401,
        code: 'unauthorized',
        error: 'Unauthorized',
        title: 'This app is private',
        text: 'It opens for its owner, and for programs that bring a key.',
        turn:
          problem.signInUrl === null
            ? { whose: 'you', text: 'Send a valid key of this app in the header `X-Space-App-Key`.' }
            : { whose: 'you', text: 'Sign in, and you are brought back here.' },
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
        title: 'This app belongs to somebody else',
        text: 'You are signed in, but with an account that may not open it.',
        turn: { whose: 'you', text: 'If you have another account on this cloud, switch to it.' },
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
        title: 'This key was used too often',
        text: 'Its owner allows it so many requests a minute, and no more.',
        turn: { whose: 'you', text: 'Wait as long as `Retry-After` says, and go on.' },
        icon: 'key',
        tone: 'calm',
        retryAfterSeconds: problem.retryAfterSeconds,
      }
    case 'sign-in-failed':
      return {
        status: 400,
        code: 'sign_in_failed',
        error: 'Sign-in Failed',
        title: 'Signing in did not work',
        text: SIGN_IN_FAILURES[problem.reason],
        turn: { whose: 'you', text: 'Start again from here. It takes a moment, and nothing is lost.' },
        icon: 'key',
        tone: 'calm',
        action: { label: 'Sign in again', href: problem.retryUrl },
      }
  }
}

const SIGN_IN_FAILURES = {
  expired: 'The step back to the app took longer than a minute, so its one-time code no longer counts.',
  'other-browser': 'It was begun in another browser, or this browser did not keep the cookie it was given.',
  unknown: 'The one-time code that leads back to the app was not accepted. Perhaps it was used already.',
} as const
