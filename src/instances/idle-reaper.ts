import type { Logger } from '../kernel/log.ts'
import { startPeriodic } from '../kernel/periodic.ts'
import type { InstanceProcesses } from './instance-processes.ts'

/** Checks per idle time: a micro is put to sleep late by at most a quarter of it. */
const CHECKS = 4
const MAX_PAUSE_MS = 15_000

export interface IdleReaperOptions {
  readonly processes: Pick<InstanceProcesses, 'sleepIdle'>
  readonly idleAfterMs: number
  readonly log: Logger
}

/** Puts micros to sleep that have been idle for `idleAfterMs`, until disposed. */
export function startIdleReaper({ processes, idleAfterMs, log }: IdleReaperOptions): AsyncDisposable {
  return startPeriodic({
    pauseMs: Math.min(idleAfterMs / CHECKS, MAX_PAUSE_MS),
    run: () => processes.sleepIdle(idleAfterMs),
    onError: (error) => log.error('cannot put micros to sleep', {}, error),
  })
}
