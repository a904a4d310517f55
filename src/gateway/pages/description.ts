import type { IconName } from './icons.ts'

/** A problem as people and programs read it. Plain text; `code` in backticks. */
export interface Description {
  readonly status: number
  /** For programs: stable, lower-case, underscores. */
  readonly code: string
  /** For programs: the first of `errors`. */
  readonly error: string
  readonly title: string
  /** What happened. */
  readonly text: string
  readonly turn: Turn
  readonly icon: IconName
  readonly tone: 'calm' | 'busy' | 'fault'
  readonly action?: Action
  /** The page reloads after this time; programs find it in Retry-After. */
  readonly retryAfterSeconds?: number
  /** End of the app's log. */
  readonly log?: string
  readonly refusal?: string
  /** Page that explains the refusal to the owner of the app. */
  readonly whyUrl?: string
  readonly headers?: readonly (readonly [name: string, value: string])[]
}

/** Who can solve the problem, and how. */
export interface Turn {
  readonly whose: 'none' | 'you' | 'app-owner' | 'operator'
  readonly text: string
}

export const OWNER_LOOKS: Turn = {
  whose: 'app-owner',
  text: 'The reason is in the log of the app. Trying again later may help.',
}

export interface Action {
  readonly label: string
  /** Empty for the current page. */
  readonly href: string
}
