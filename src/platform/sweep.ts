import { sweepAccounts } from '../accounts/index.ts'
import type { PlatformDeps } from './deps.ts'

const SWEEP_MS = 5 * 60_000

/** Every few minutes deletes what has expired, and has gateways forget the sessions that went with it. */
export function startSweep({
  db,
  directory,
  log,
  now,
}: Pick<PlatformDeps, 'db' | 'directory' | 'log' | 'now'>): Disposable {
  const sweep = async () => {
    const ended = await sweepAccounts(db, now())
    await directory.publish(ended.map((id) => ({ op: 'session.delete', id })))
  }
  const timer = setInterval(() => {
    sweep().catch((error: unknown) => log.error('sweep failed', {}, error))
  }, SWEEP_MS)
  timer.unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
