import type { DirectorySync } from '../directory-sync/index.ts'
import { deleteOldUses } from '../exposure/index.ts'
import type { Logger } from '../kernel/log.ts'
import { startPeriodic } from '../kernel/periodic.ts'
import { expireApiKeys } from '../keys/index.ts'
import type { AccountsTables } from '../people/index.ts'
import type { AppsTables } from '../projects/index.ts'
import { sweepAccounts } from '../sessions/index.ts'
import type { Database } from '../storage/index.ts'

const PAUSE_MS = 60_000

export interface ExpiryDeps {
  readonly db: Database<AppsTables>
  readonly sync: Pick<DirectorySync<AppsTables & AccountsTables>, 'commit'>
  readonly now: () => number
}

export interface ExpiryOptions extends ExpiryDeps {
  readonly log: Logger
  readonly pauseMs?: number
}

/** Every minute deletes the rows that have expired; gateways end what expired sessions and keys had let in. */
export function startExpiry({ log, pauseMs = PAUSE_MS, ...deps }: ExpiryOptions): AsyncDisposable {
  let afterMs = deps.now()
  return startPeriodic({
    pauseMs,
    run: async () => void (afterMs = await expire(deps, afterMs)),
    onError: (error) => log.error('expired rows were not deleted', {}, error),
  })
}

/** One run. `afterMs`: the time up to which the last run has seen everything; returns that of this run. */
export async function expire({ db, sync, now }: ExpiryDeps, afterMs: number): Promise<number> {
  const untilMs = now()
  await sync.commit(async (commit) => {
    await sweepAccounts(commit, untilMs)
    await expireApiKeys(commit, { afterMs, untilMs })
  })
  await deleteOldUses(db, untilMs)
  return untilMs
}
