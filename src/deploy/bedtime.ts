import type { Logger } from '../log.ts'
import type { Deployments } from './deployments.ts'
import { startRounds } from './rounds.ts'

/** How often it is looked at: four times within the idle time, so a micro sleeps at most a quarter late. */
const ROUNDS = 4
const MAX_PAUSE_MS = 15_000

export interface BedtimeOptions {
  readonly deployments: Pick<Deployments, 'sleepIdle'>
  readonly idleAfterMs: number
  readonly log: Logger
}

/** Puts micros to sleep that nobody has used for so long, one round after the other until disposed. */
export function startBedtime({ deployments, idleAfterMs, log }: BedtimeOptions): AsyncDisposable {
  return startRounds({
    pauseMs: Math.min(idleAfterMs / ROUNDS, MAX_PAUSE_MS),
    run: () => deployments.sleepIdle(idleAfterMs),
    onError: (error) => log.error('cannot put micros to sleep', {}, error),
  })
}
