import { sweepAccounts } from '../sessions/index.ts'
import { deleteOldApiKeys, recheckExpiredApiKeys } from '../keys/index.ts'
import { sweepUses } from '../exposure/index.ts'
import { startPeriodic } from '../kernel/periodic.ts'
import type { ApiContext } from './api-context.ts'

const SWEEP_MS = 60_000

interface SweepDeps extends Pick<ApiContext, 'db' | 'now'> {
  readonly sync: Pick<ApiContext['sync'], 'commit'>
}

interface SweepOptions extends SweepDeps, Pick<ApiContext, 'log'> {
  readonly pauseMs?: number
}

/** Every minute deletes what has expired, and has gateways forget it, or end what it had let in. */
export function startSweep({ log, pauseMs = SWEEP_MS, ...deps }: SweepOptions): AsyncDisposable {
  let sinceMs = deps.now()
  return startPeriodic({
    pauseMs,
    run: async () => void (sinceMs = await sweep(deps, sinceMs)),
    onError: (error) => log.error('sweep failed', {}, error),
  })
}

/** Once; returns the time up to which everything has been seen, from where the next one goes on. */
export async function sweep({ db, sync, now }: SweepDeps, sinceMs: number): Promise<number> {
  const nowMs = now()
  await sync.commit(async (commit) => {
    await sweepAccounts(commit, nowMs)
    await recheckExpiredApiKeys(commit, { afterMs: sinceMs, untilMs: nowMs })
    await deleteOldApiKeys(commit, nowMs)
  })
  await sweepUses(db, nowMs)
  return nowMs
}
