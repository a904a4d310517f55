import { type PeriodicWork, startPeriodic } from '../kernel/periodic.ts'
import type { Logger } from '../kernel/log.ts'
import type { DocumentStore } from './documents.ts'

export interface SweepOptions {
  readonly store: DocumentStore
  readonly log: Logger
  readonly everyMs?: number
  /** Expired items are invisible at once, and are deleted this much later. */
  readonly graceMs?: number
  /** After the start, and after the clock was set, nothing is deleted for this long. */
  readonly settleMs?: number
  readonly now?: () => number
  /** Never set. */
  readonly uptime?: () => number
}

const HOUR_MS = 3_600_000
const DEFAULTS = {
  everyMs: HOUR_MS / 6,
  graceMs: 24 * HOUR_MS,
  settleMs: HOUR_MS,
  now: Date.now,
  uptime: () => performance.now(),
}
/** What a clock that is kept right may be off between two sweeps. */
const DRIFT_MS = 60_000

/** Deletes expired items of all collections from time to time. */
export function startSweep(options: SweepOptions): AsyncDisposable {
  const { everyMs, log } = { ...DEFAULTS, ...options }
  const work: PeriodicWork = {
    pauseMs: everyMs,
    run: createSweep(options),
    onError: (error) => log.error('expired items were not deleted', {}, error),
  }
  return startPeriodic(work)
}

/**
 * One sweep. A wrong clock must not delete what has not expired: so nothing is deleted soon after the clock has moved
 * against the uptime, or soon after the start, when it may not be set yet.
 */
export function createSweep(options: SweepOptions): () => Promise<void> {
  const { store, log, graceMs, settleMs, now, uptime } = { ...DEFAULTS, ...options }
  let offset = now() - uptime()
  let settledAt = uptime() + settleMs
  return async () => {
    const drift = Math.abs(now() - uptime() - offset)
    offset = now() - uptime()
    if (drift > DRIFT_MS) settledAt = uptime() + settleMs
    if (uptime() < settledAt) return
    for (const collection of await store.collectionIds())
      await store
        .sweep(collection, (now() - graceMs) / 1_000)
        .catch((error: unknown) => log.error('expired items were not deleted', { collection }, error))
  }
}
