import type { Logger } from '../log.ts'
import type { Deployments } from './deployments.ts'

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
  const pauseMs = Math.min(idleAfterMs / ROUNDS, MAX_PAUSE_MS)
  let timer: Timer | null = null
  let round = Promise.resolve()
  let isOver = false
  const wait = () => (timer = isOver ? null : setTimeout(run, pauseMs))
  const run = () => {
    round = deployments
      .sleepIdle(idleAfterMs)
      .catch((error: unknown) => log.error('cannot put micros to sleep', {}, error))
      .then(() => void wait())
  }
  wait()
  return {
    async [Symbol.asyncDispose]() {
      isOver = true
      if (timer) clearTimeout(timer)
      await round
    },
  }
}
