import { describeAccessProblem } from './describe-access.ts'
import { describeAppProblem } from './describe-app.ts'
import { describeRequestProblem } from './describe-request.ts'
import { describeSizeProblem } from './describe-size.ts'
import type { Description } from './description.ts'
import type { Problem } from './problem.ts'

/** Puts a problem into words. */
export function describeProblem(problem: Problem): Description {
  switch (problem.kind) {
    case 'no-such-app':
    case 'no-such-page':
    case 'method-not-allowed':
    case 'bad-request':
    case 'request-timeout':
    case 'no-proxy':
    case 'unknown-version':
    case 'https-only':
      return describeRequestProblem(problem)
    case 'too-large':
    case 'too-many-headers':
    case 'too-many-cookies':
      return describeSizeProblem(problem)
    case 'unauthorized':
    case 'wrong-user':
    case 'key-rate':
    case 'sign-in-failed':
      return describeAccessProblem(problem)
    case 'starting':
    case 'app-failed':
    case 'upstream-timeout':
    case 'upstream-unreachable':
    case 'upstream-broke':
    case 'upstream-malformed':
      return describeAppProblem(problem)
    case 'too-many-connections':
      return TOO_MANY_CONNECTIONS
    case 'unavailable':
      return UNAVAILABLE
    case 'internal':
      return INTERNAL
  }
}

const UNAVAILABLE: Description = {
  status: 503,
  code: 'unavailable',
  error: 'Service Unavailable',
  title: 'One moment, please',
  text: 'A part of this cloud is just starting. Nothing is lost.',
  turn: { whose: 'nobody', text: 'This page tries again by itself every few seconds.' },
  icon: 'sunrise',
  tone: 'busy',
  retryAfterSeconds: 3,
}

const TOO_MANY_CONNECTIONS: Description = {
  status: 503,
  code: 'too_many_connections',
  error: 'Service Unavailable',
  title: 'Too many connections',
  text: 'Your network, or this cloud, has as many connections open as are allowed.',
  turn: {
    whose: 'you',
    text: 'Close connections that are not needed, and try again. This page does so by itself.',
  },
  icon: 'weight',
  tone: 'busy',
  retryAfterSeconds: 5,
}

const INTERNAL: Description = {
  status: 500,
  code: 'internal',
  error: 'Internal Server Error',
  title: 'That is our fault',
  text: 'Something in this cloud went wrong with your request. The app itself was not at fault.',
  turn: {
    whose: 'operator',
    text: 'The cause is in the log of this cloud, under the request id below. Trying again may help.',
  },
  icon: 'broken',
  tone: 'fault',
  action: { label: 'Try again', href: '' },
}
