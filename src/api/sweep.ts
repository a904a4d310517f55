import { sweepAccounts } from '../sessions/index.ts'
import { deleteOldApiKeys, recheckExpiredApiKeys } from '../keys/index.ts'
import { sweepUses } from '../exposure/index.ts'
import type { ApiContext } from './api-context.ts'

const SWEEP_MS = 60_000

type SweepDeps = Pick<ApiContext, 'db' | 'sync' | 'now'>

/** Every minute deletes what has expired, and has gateways forget it, or end what it had let in. */
export function startSweep({ log, ...deps }: SweepDeps & Pick<ApiContext, 'log'>): Disposable {
  let sinceMs = deps.now()
  const timer = setInterval(() => {
    sweep(deps, sinceMs)
      .then((untilMs) => (sinceMs = untilMs))
      .catch((error: unknown) => log.error('sweep failed', {}, error))
  }, SWEEP_MS)
  timer.unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
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
