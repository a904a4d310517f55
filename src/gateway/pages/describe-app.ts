import { OWNER_LOOKS, type Action, type Description, type Turn } from './description.ts'
import { displayName } from './escape.ts'
import { MALFORMED_FOR_VISITORS, malformedForOwner } from './malformed-response.ts'
import { readableLog } from './log-tail.ts'
import type { Problem } from './problem.ts'

type AppProblem = Extract<Problem, { readonly appName: string }>
type AppFailure = Extract<Problem, { kind: 'app-failed' }>

const TRY_AGAIN: Action = { label: 'Try again', href: '' }

/** Problems of an app that exists and that the client may open. */
export function describeAppProblem(problem: AppProblem): Description {
  const name = displayName(problem.appName)
  switch (problem.kind) {
    case 'starting':
      return {
        status: 503,
        code: 'starting',
        error: 'App Starting',
        title: `${name} is starting`,
        text: 'The app was asleep. Starting it usually takes a few seconds.',
        turn: { whose: 'none', text: 'This page opens the app as soon as it is ready.' },
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
        title: `${name} did not respond in time`,
        text: `The app received the request, but did not respond within ${duration(problem.afterSeconds)}.`,
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
        title: `${name} is not accepting connections`,
        text: 'The app is running, but connections to it fail.',
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
        title: `${name} closed the connection`,
        text: 'The app received the request, but closed the connection before it responded.',
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
        title: `${name} sent an invalid response`,
        ...(problem.reason === null ? MALFORMED_FOR_VISITORS : malformedForOwner(problem.reason)),
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
    title: (name) => `${name} has crashed`,
    text: 'The app exited before it could respond.',
    visitorTurn: OWNER_LOOKS,
    ownerTurn: { whose: 'you', text: 'Fix the cause, then run `space push`.' },
  },
  'never-listened': {
    title: (name) => `${name} did not start in time`,
    text: 'The app started, but did not listen on its port in time.',
    visitorTurn: OWNER_LOOKS,
    ownerTurn: {
      whose: 'you',
      text: 'Let the app listen on the port in the variable `PORT`, then run `space push`.',
    },
  },
  refused: {
    title: (name) => `${name} cannot run on this server`,
    text: 'The server refused to start the app.',
    visitorTurn: {
      whose: 'operator',
      text: 'The reason is in the log of the server.',
    },
    ownerTurn: { whose: 'operator', text: 'Run `space doctor` on the server to see what is missing.' },
  },
}

function duration(seconds: number): string {
  if (seconds === 1) return 'one second'
  return seconds >= 120 && seconds % 60 === 0 ? `${seconds / 60} minutes` : `${seconds} seconds`
}
