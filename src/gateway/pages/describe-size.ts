import type { Description } from './description.ts'
import type { Problem } from './problem.ts'

type SizeProblem = Extract<Problem, { kind: 'too-large' | 'too-many-headers' | 'too-many-cookies' }>

/** Requests above a limit of the gateway. */
export function describeSizeProblem(problem: SizeProblem): Description {
  if (problem.kind === 'too-many-headers') return tooManyHeaders(problem.limit)
  if (problem.kind === 'too-many-cookies') return TOO_MANY_COOKIES
  const limit = readableBytes(problem.limitBytes)
  switch (problem.what) {
    case 'body':
      return bodyTooLarge(limit)
    case 'head':
      return headTooLarge(limit)
    case 'address':
      return addressTooLong(limit)
  }
}

const COMMON = { code: 'too_large', icon: 'weight', tone: 'calm' } as const

const bodyTooLarge = (limit: string): Description => ({
  ...COMMON,
  status: 413,
  error: 'Content Too Large',
  title: 'Upload too large',
  text: `The limit for one upload is ${limit}.`,
  turn: { whose: 'you', text: 'Go back and send a smaller file, or several smaller ones.' },
})

const headTooLarge = (limit: string): Description => ({
  ...COMMON,
  status: 431,
  error: 'Request Header Fields Too Large',
  title: 'Request headers too large',
  text: `The limit for the address and headers of a request is ${limit}. The usual cause is too many cookies.`,
  turn: {
    whose: 'you',
    text: 'Delete the cookies of this site in your browser’s settings, then reload. You may have to sign in again.',
  },
})

const TOO_MANY_COOKIES: Description = {
  ...COMMON,
  status: 431,
  error: 'Request Header Fields Too Large',
  title: 'Too many cookies',
  text: 'Your browser has more cookies for this address than a request can carry. Pages of other apps on this server can set cookies for all apps.',
  turn: {
    whose: 'you',
    text: 'These cookies have been removed, and you are still signed in. Open the page again. If this message returns, close other apps, or delete the cookies of this site in your browser’s settings.',
  },
  action: { label: 'Open the page again', href: '' },
}

const tooManyHeaders = (limit: number): Description => ({
  ...COMMON,
  status: 431,
  error: 'Request Header Fields Too Large',
  title: 'Too many headers',
  text: `The limit is ${limit} headers per request.`,
  turn: { whose: 'you', text: 'Send fewer headers. In a browser, extensions may add them.' },
})

const addressTooLong = (limit: string): Description => ({
  ...COMMON,
  status: 414,
  error: 'URI Too Long',
  title: 'Address too long',
  text: `The limit for an address is ${limit}.`,
  turn: {
    whose: 'you',
    text: 'If you followed a link or sent a form, tell its author: long values belong in the body of a POST request.',
  },
})

/** 5.5 MB rather than 5500000 bytes, in the powers of ten that `--max-body` is set in. */
function readableBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB'] as const
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1)
  return `${Number((bytes / 1000 ** power).toFixed(1))} ${units[power]}`
}
