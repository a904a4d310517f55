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
        title: 'This page can only be read',
        text: `It answers to ${problem.allow.join(' and ') || 'other methods'}, nothing else.`,
        turn: {
          whose: 'app-owner',
          text: 'A form or a script sends something to a page that takes nothing.',
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
        title: 'We could not read this request',
        text: problem.detail,
        turn: {
          whose: 'you',
          text: 'Check the address. If a link brought you here, its author should hear about it.',
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
  title: 'There is nothing here',
  text: 'No app answers at this address.',
  turn: {
    whose: 'you',
    text: 'Check the address for a typing mistake, or ask whoever gave it to you.',
  },
  icon: 'compass',
  tone: 'calm',
}

const HTTPS_ONLY: Description = {
  status: 403,
  code: 'https_only',
  error: 'HTTPS Only',
  title: 'This address wants https',
  text: 'The request came unencrypted, so it was not passed on. Whoever was on its way could read what it carried.',
  turn: {
    whose: 'you',
    text: 'Send it to `https://` instead. If it carried a key, have that key replaced.',
  },
  icon: 'lock',
  tone: 'calm',
}

const NO_SUCH_PAGE: Description = {
  status: 404,
  code: 'not_found',
  error: 'Not Found',
  title: 'Page not found',
  text: 'The app is here, but it has no page at this address.',
  turn: { whose: 'you', text: 'Check the address, or begin at the app’s start page.' },
  icon: 'compass',
  tone: 'calm',
  action: { label: 'Go to the start page', href: '/' },
}

const REQUEST_TIMEOUT: Description = {
  status: 408,
  code: 'request_timeout',
  error: 'Request Timeout',
  title: 'Your request did not arrive whole',
  text: 'It began and then stopped coming, so nobody waits for the rest any more.',
  turn: { whose: 'you', text: 'Try again. A slow or broken connection is the usual cause.' },
  icon: 'clock',
  tone: 'calm',
}

const NO_PROXY: Description = {
  status: 405,
  code: 'method_not_allowed',
  error: 'Method Not Allowed',
  title: 'This is not a proxy',
  text: 'CONNECT asks for a tunnel to another server, and none is opened here.',
  turn: { whose: 'you', text: 'Take this address out of the proxy settings of your browser or program.' },
  icon: 'broken',
  tone: 'calm',
  headers: [['Allow', '']],
}

const UNKNOWN_VERSION: Description = {
  status: 505,
  code: 'version_not_supported',
  error: 'HTTP Version Not Supported',
  title: 'This version of HTTP is not spoken here',
  text: 'The request names another one than HTTP/1.1 and HTTP/1.0.',
  turn: { whose: 'you', text: 'Use a program that speaks HTTP/1.1.' },
  icon: 'broken',
  tone: 'calm',
}
