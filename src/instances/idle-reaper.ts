import type { Logger } from '../kernel/log.ts'
import type { Deployments } from '../pushes/index.ts'
import { startPeriodic } from '../kernel/periodic.ts'

/** How often it is looked at: four times within the idle time, so a micro sleeps at most a quarter late. */
const ROUNDS = 4
const MAX_PAUSE_MS = 15_000

export interface IdleReaperOptions {
  readonly deployments: Pick<Deployments, 'sleepIdle'>
  readonly idleAfterMs: number
  readonly log: Logger
}

/** Puts micros to sleep that nobody has used for so long, one round after the other until disposed. */
export function startIdleReaper({ deployments, idleAfterMs, log }: IdleReaperOptions): AsyncDisposable {
  return startPeriodic({
    pauseMs: Math.min(idleAfterMs / ROUNDS, MAX_PAUSE_MS),
    run: () => deployments.sleepIdle(idleAfterMs),
    onError: (error) => log.error('cannot put micros to sleep', {}, error),
  })
}
