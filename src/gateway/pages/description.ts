import type { IconName } from './icons.ts'

/** What a problem comes down to, for people and programs alike. Plain text throughout; `code` in backticks. */
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
  /** The page asks again by itself after so long; programs find it in Retry-After. */
  readonly retryAfterSeconds?: number
  /** End of the app's log. */
  readonly log?: string
  readonly refusal?: string
  /** Page that tells the owner of the app why it was refused. */
  readonly whyUrl?: string
  readonly headers?: readonly (readonly [name: string, value: string])[]
}

/** Who can do something about it, and what. */
export interface Turn {
  readonly whose: 'nobody' | 'you' | 'app-owner' | 'operator'
  readonly text: string
}

export const OWNER_LOOKS: Turn = {
  whose: 'app-owner',
  text: 'Its owner finds the reason in the app’s log. Trying again in a while may help.',
}

export interface Action {
  readonly label: string
  /** Empty for this very page. */
  readonly href: string
}
