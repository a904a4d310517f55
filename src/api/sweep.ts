import { sweepAccounts } from '../sessions/index.ts'
import { deleteOldApiKeys, listExpiredApiKeys } from '../keys/index.ts'
import { sweepUses } from '../exposure/index.ts'
import { keyEntry } from '../instances/index.ts'
import { startPeriodic } from '../kernel/periodic.ts'
import type { DirectoryChange } from '../directory/index.ts'
import type { ApiContext } from './api-context.ts'

const SWEEP_MS = 60_000

type SweepDeps = Pick<ApiContext, 'db' | 'directory' | 'now'>

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
export async function sweep({ db, directory, now }: SweepDeps, sinceMs: number): Promise<number> {
  const nowMs = now()
  const ended = await sweepAccounts(db, nowMs)
  const expired = await listExpiredApiKeys(db, { afterMs: sinceMs, untilMs: nowMs })
  const old = await deleteOldApiKeys(db, nowMs)
  await sweepUses(db, nowMs)
  const changes: DirectoryChange[] = [
    ...ended.map((id) => ({ op: 'session.delete', id }) as const),
    // Said once more, as it is: gateways look again at the streams that it let in.
    ...expired.map((key) => ({ op: 'key.put', key: keyEntry(key) }) as const),
    ...old.map((id) => ({ op: 'key.delete', id }) as const),
  ]
  await directory.publish(changes)
  return nowMs
}
