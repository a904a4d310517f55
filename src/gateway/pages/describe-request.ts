import type { Description } from './description.ts'
import type { Problem } from './problem.ts'

type RequestProblem = Extract<
  Problem,
  {
    kind:
      | 'no-such-app'
      | 'no-such-page'
      | 'method-not-allowed'
      | 'bad-request'
      | 'request-timeout'
      | 'no-proxy'
      | 'unknown-version'
      | 'https-only'
  }
>

/** Problems of a request that never reached an app. */
export function describeRequestProblem(problem: RequestProblem): Description {
  switch (problem.kind) {
    case 'no-such-app':
      return NO_SUCH_APP
    case 'no-such-page':
      return NO_SUCH_PAGE
    case 'method-not-allowed':
      return {
        status: 405,
        code: 'method_not_allowed',
        error: 'Method Not Allowed',
        title: 'Method not allowed',
        text: `This page accepts ${problem.allow.join(' and ') || 'other methods'} only.`,
        turn: {
          whose: 'app-owner',
          text: 'A form or a script sends data to a page that accepts none.',
        },
        icon: 'broken',
        tone: 'calm',
        headers: [['Allow', problem.allow.join(', ')]],
      }
    case 'bad-request':
      return {
        status: 400,
        code: 'invalid',
        error: 'Bad Request',
        title: 'Invalid request',
        text: problem.detail,
        turn: {
          whose: 'you',
          text: 'Check the address. If you followed a link, tell its author.',
        },
        icon: 'broken',
        tone: 'calm',
      }
    case 'request-timeout':
      return REQUEST_TIMEOUT
    case 'no-proxy':
      return NO_PROXY
    case 'unknown-version':
      return UNKNOWN_VERSION
    case 'https-only':
      return HTTPS_ONLY
  }
}

const NO_SUCH_APP: Description = {
  status: 404,
  code: 'not_found',
  error: 'Not Found',
  title: 'App not found',
  text: 'There is no app at this address.',
  turn: {
    whose: 'you',
    text: 'Check the address for typing mistakes, or ask the person who sent it to you.',
  },
  icon: 'compass',
  tone: 'calm',
}

const HTTPS_ONLY: Description = {
  status: 403,
  code: 'https_only',
  error: 'HTTPS Only',
  title: 'HTTPS required',
  text: 'The request was not encrypted, so it was rejected. Others on the network could read everything in it.',
  turn: {
    whose: 'you',
    text: 'Use `https://` instead. If the request had an API key, rotate that key.',
  },
  icon: 'lock',
  tone: 'calm',
}

const NO_SUCH_PAGE: Description = {
  status: 404,
  code: 'not_found',
  error: 'Not Found',
  title: 'Page not found',
  text: 'This app has no page at this address.',
  turn: { whose: 'you', text: 'Check the address, or go to the start page of the app.' },
  icon: 'compass',
  tone: 'calm',
  action: { label: 'Go to the start page', href: '/' },
}

const REQUEST_TIMEOUT: Description = {
  status: 408,
  code: 'request_timeout',
  error: 'Request Timeout',
  title: 'Request timed out',
  text: 'The server received only a part of the request before the time limit.',
  turn: { whose: 'you', text: 'Try again. The usual cause is a slow or interrupted connection.' },
  icon: 'clock',
  tone: 'calm',
}

const NO_PROXY: Description = {
  status: 405,
  code: 'method_not_allowed',
  error: 'Method Not Allowed',
  title: 'This is not a proxy',
  text: 'CONNECT is not supported: this server is not a forward proxy.',
  turn: { whose: 'you', text: 'Remove this address from the proxy settings of your browser or program.' },
  icon: 'broken',
  tone: 'calm',
  headers: [['Allow', '']],
}

const UNKNOWN_VERSION: Description = {
  status: 505,
  code: 'version_not_supported',
  error: 'HTTP Version Not Supported',
  title: 'Unsupported HTTP version',
  text: 'The server supports HTTP/1.1 and HTTP/1.0.',
  turn: { whose: 'you', text: 'Use a client that sends HTTP/1.1.' },
  icon: 'broken',
  tone: 'calm',
}
