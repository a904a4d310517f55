import type { Description } from './description.ts'
import type { Problem } from './problem.ts'

type RequestProblem = Extract<
  Problem,
  { kind: 'no-such-app' | 'no-such-page' | 'method-not-allowed' | 'bad-request' | 'too-large' | 'https-only' }
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
    case 'too-large':
      return problem.what === 'head' ? headTooLarge(problem.limitBytes) : bodyTooLarge(problem.limitBytes)
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

const headTooLarge = (limitBytes: number): Description => ({
  status: 431,
  code: 'too_large',
  error: 'Request Header Fields Too Large',
  title: 'Your browser sent too much along',
  text: `The address and headers of a request may take ${readableBytes(limitBytes)} here.`,
  turn: { whose: 'you', text: 'Deleting the cookies of this site usually helps.' },
  icon: 'weight',
  tone: 'calm',
})

const bodyTooLarge = (limitBytes: number): Description => ({
  status: 413,
  code: 'too_large',
  error: 'Content Too Large',
  title: 'This is too large to send',
  text: `An upload may take ${readableBytes(limitBytes)} here, and this one takes more.`,
  turn: { whose: 'you', text: 'Go back and send something smaller, or in several pieces.' },
  icon: 'weight',
  tone: 'calm',
})

/** 5.5 MB rather than 5767168 bytes, in the units that limits are set in. */
function readableBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB'] as const
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1)
  return `${Number((bytes / 1024 ** power).toFixed(1))} ${units[power]}`
}
