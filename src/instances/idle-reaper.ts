import type { Logger } from '../kernel/log.ts'
import { startPeriodic } from '../kernel/periodic.ts'

/** Checks per idle time: a micro sleeps at most a quarter late. */
const CHECKS = 4
const MAX_PAUSE_MS = 15_000

export interface IdleReaperOptions {
  /** Puts to sleep what has been idle for this long. */
  readonly sleepIdle: (idleAfterMs: number) => Promise<void>
  readonly idleAfterMs: number
  readonly log: Logger
}

/** Puts micros to sleep that have been idle for `idleAfterMs`, until disposed. */
export function startIdleReaper({ sleepIdle, idleAfterMs, log }: IdleReaperOptions): AsyncDisposable {
  return startPeriodic({
    pauseMs: Math.min(idleAfterMs / CHECKS, MAX_PAUSE_MS),
    run: () => sleepIdle(idleAfterMs),
    onError: (error) => log.error('cannot put micros to sleep', {}, error),
  })
}
