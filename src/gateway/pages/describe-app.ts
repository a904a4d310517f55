import { OWNER_LOOKS, type Action, type Description, type Turn } from './description.ts'
import { displayName } from './escape.ts'
import { FAULT_FOR_VISITORS, faultForOwner } from './faulty-answer.ts'
import { readableLog } from './log-tail.ts'
import type { Problem } from './problem.ts'

type AppProblem = Extract<Problem, { readonly appName: string }>
type AppFailure = Extract<Problem, { kind: 'app-failed' }>

const TRY_AGAIN: Action = { label: 'Try again', href: '' }

/** Problems of an app that is there and may be opened. */
export function describeAppProblem(problem: AppProblem): Description {
  const name = displayName(problem.appName)
  switch (problem.kind) {
    case 'starting':
      return {
        status: 503,
        code: 'starting',
        error: 'App Starting',
        title: `${name} is waking up`,
        text: 'It was asleep and is starting now. That usually takes a few seconds.',
        turn: { whose: 'nobody', text: 'This page opens the app by itself as soon as it answers.' },
        icon: 'sunrise',
        tone: 'busy',
        retryAfterSeconds: problem.retryAfterSeconds,
      }
    case 'app-failed':
      return describeFailure(problem, name)
    case 'upstream-timeout':
      return {
        status: 504,
        code: 'upstream_timeout',
        error: 'Gateway Timeout',
        title: `${name} takes too long`,
        text: `The request reached the app, but no answer came within ${duration(problem.afterSeconds)}.`,
        turn: OWNER_LOOKS,
        icon: 'clock',
        tone: 'fault',
        action: TRY_AGAIN,
      }
    case 'upstream-unreachable':
      return {
        status: 502,
        code: 'upstream_unreachable',
        error: 'Bad Gateway',
        title: `${name} takes no requests`,
        text: 'The app is there, but it does not let anybody in at the moment.',
        turn: OWNER_LOOKS,
        icon: 'unplugged',
        tone: 'fault',
        action: TRY_AGAIN,
      }
    case 'upstream-broke':
      return {
        status: 502,
        code: 'upstream_broke',
        error: 'Bad Gateway',
        title: `${name} broke off`,
        text: 'The request reached the app, but it hung up before it had answered.',
        turn: OWNER_LOOKS,
        icon: 'unplugged',
        tone: 'fault',
        action: TRY_AGAIN,
      }
    case 'upstream-malformed':
      return {
        status: 502,
        code: 'upstream_malformed',
        error: 'Bad Gateway',
        title: `${name} gave a faulty answer`,
        ...(problem.fault === null ? FAULT_FOR_VISITORS : faultForOwner(problem.fault)),
        icon: 'broken',
        tone: 'fault',
        action: TRY_AGAIN,
      }
  }
}

function describeFailure({ reason, audience }: AppFailure, name: string): Description {
  const common = {
    status: 502,
    code: `app_${reason.replace('-', '_')}`,
    error: 'Bad Gateway',
    title: FAILURES[reason].title(name),
    icon: 'unplugged',
    tone: 'fault',
    action: TRY_AGAIN,
  } as const
  if (audience.kind === 'visitor')
    return { ...common, text: FAILURES[reason].text, turn: FAILURES[reason].visitorTurn }
  return {
    ...common,
    text: audience.message || FAILURES[reason].text,
    turn: FAILURES[reason].ownerTurn,
    log: readableLog(audience.logTail),
  }
}

interface Failure {
  readonly title: (name: string) => string
  readonly text: string
  readonly visitorTurn: Turn
  readonly ownerTurn: Turn
}

const FAILURES: Readonly<Record<AppFailure['reason'], Failure>> = {
  crashed: {
    title: (name) => `${name} has stopped`,
    text: 'The app ended by itself before it could answer.',
    visitorTurn: OWNER_LOOKS,
    ownerTurn: { whose: 'you', text: 'Fix the cause, then run `space push`.' },
  },
  'never-listened': {
    title: (name) => `${name} started, but does not answer`,
    text: 'The app runs, but did not open its port in time.',
    visitorTurn: OWNER_LOOKS,
    ownerTurn: {
      whose: 'you',
      text: 'Let the app listen on the port in the variable `PORT`, then run `space push`.',
    },
  },
  refused: {
    title: (name) => `${name} may not run here`,
    text: 'This cloud refused to start the app.',
    visitorTurn: {
      whose: 'operator',
      text: 'The reason is in the log of this cloud.',
    },
    ownerTurn: { whose: 'operator', text: '`space doctor` on the server says what is missing.' },
  },
}

function duration(seconds: number): string {
  if (seconds === 1) return 'one second'
  return seconds >= 120 && seconds % 60 === 0 ? `${seconds / 60} minutes` : `${seconds} seconds`
}
