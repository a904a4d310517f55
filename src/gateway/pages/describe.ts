import { describeAccessProblem } from './describe-access.ts'
import { describeAppProblem } from './describe-app.ts'
import { describeRequestProblem } from './describe-request.ts'
import { describeSizeProblem } from './describe-size.ts'
import type { Description } from './description.ts'
import type { Problem } from './problem.ts'

/** The text of each problem. */
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
  title: 'The server is starting',
  text: 'A part of the server is not ready yet. This usually takes a few seconds.',
  turn: { whose: 'none', text: 'This page reloads until the server is ready.' },
  icon: 'sunrise',
  tone: 'busy',
  retryAfterSeconds: 3,
}

const TOO_MANY_CONNECTIONS: Description = {
  status: 503,
  code: 'too_many_connections',
  error: 'Service Unavailable',
  title: 'Too many connections',
  text: 'Your network, or the server as a whole, has reached its limit of open connections.',
  turn: {
    whose: 'you',
    text: 'Close connections that you do not need. This page reloads until a connection is free.',
  },
  icon: 'weight',
  tone: 'busy',
  retryAfterSeconds: 5,
}

const INTERNAL: Description = {
  status: 500,
  code: 'internal',
  error: 'Internal Server Error',
  title: 'Something went wrong',
  text: 'The server failed to handle this request. The app did not cause the error.',
  turn: {
    whose: 'operator',
    text: 'The cause is in the log of the server, under the request id below. Trying again may help.',
  },
  icon: 'broken',
  tone: 'fault',
  action: { label: 'Try again', href: '' },
}
