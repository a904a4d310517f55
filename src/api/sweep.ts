import { sweepAccounts } from '../sessions/index.ts'
import { deleteOldApiKeys, recheckExpiredApiKeys } from '../keys/index.ts'
import { sweepUses } from '../exposure/index.ts'
import { startPeriodic } from '../kernel/periodic.ts'
import type { ApiContext } from './api-context.ts'

const SWEEP_MS = 60_000

interface SweepContext extends Pick<ApiContext, 'db' | 'now'> {
  readonly sync: Pick<ApiContext['sync'], 'commit'>
}

interface SweepOptions extends SweepContext, Pick<ApiContext, 'log'> {
  readonly pauseMs?: number
}

/** Every minute, deletes expired credentials. Gateways forget them, and close the streams that they let in. */
export function startSweep({ log, pauseMs = SWEEP_MS, ...context }: SweepOptions): AsyncDisposable {
  let sinceMs = context.now()
  return startPeriodic({
    pauseMs,
    run: async () => void (sinceMs = await sweep(context, sinceMs)),
    onError: (error) => log.error('sweep failed', {}, error),
  })
}

/** Sweeps once. Returns the time up to which expiries are handled, which is `sinceMs` of the next sweep. */
export async function sweep({ db, sync, now }: SweepContext, sinceMs: number): Promise<number> {
  const nowMs = now()
  await sync.commit(async (commit) => {
    await sweepAccounts(commit, nowMs)
    await recheckExpiredApiKeys(commit, { afterMs: sinceMs, untilMs: nowMs })
    await deleteOldApiKeys(commit, nowMs)
  })
  await sweepUses(db, nowMs)
  return nowMs
}
