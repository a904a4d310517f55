import type { Description } from './description.ts'
import type { Problem } from './problem.ts'

type SizeProblem = Extract<Problem, { kind: 'too-large' | 'too-many-headers' | 'too-many-cookies' }>

/** Requests beyond a bound of ours. */
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
  title: 'This is too large to send',
  text: `An upload may take ${limit} here, and this one takes more.`,
  turn: { whose: 'you', text: 'Go back and send something smaller, or in several pieces.' },
})

const headTooLarge = (limit: string): Description => ({
  ...COMMON,
  status: 431,
  error: 'Request Header Fields Too Large',
  title: 'Your browser sent too much along',
  text: `The address and headers of a request may take ${limit} here. Nearly always cookies are what takes so much.`,
  turn: {
    whose: 'you',
    text: 'Delete the cookies of this site in the settings of your browser, then open it again. You may have to sign in anew.',
  },
})

const TOO_MANY_COOKIES: Description = {
  ...COMMON,
  status: 431,
  error: 'Request Header Fields Too Large',
  title: 'Too many cookies',
  text: 'Your browser has more cookies for this address than fit into a request. A page of another app can set cookies for all apps of this cloud.',
  turn: {
    whose: 'you',
    text: 'Those cookies are removed now, and you stay signed in: open the page again. If this message comes back, close the other apps, or delete the cookies of this site in the settings of your browser.',
  },
  action: { label: 'Open the page again', href: '' },
}

const tooManyHeaders = (limit: number): Description => ({
  ...COMMON,
  status: 431,
  error: 'Request Header Fields Too Large',
  title: 'Too many headers',
  text: `A request may have ${limit} headers here, and this one has more.`,
  turn: { whose: 'you', text: 'Send fewer of them. Browser extensions can be what adds so many.' },
})

const addressTooLong = (limit: string): Description => ({
  ...COMMON,
  status: 414,
  error: 'URI Too Long',
  title: 'This address is too long',
  text: `An address may take ${limit} here.`,
  turn: {
    whose: 'you',
    text: 'If a link or a form brought you here, its author should hear about it: long values belong into the body of a form.',
  },
})

/** 5.5 MB rather than 5500000 bytes, in the powers of ten that `--max-body` is set in. */
function readableBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB'] as const
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1)
  return `${Number((bytes / 1000 ** power).toFixed(1))} ${units[power]}`
}
