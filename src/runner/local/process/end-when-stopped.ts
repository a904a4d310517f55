import { seconds } from './messages.ts'
import type { RunningProcess } from './running-process.ts'

/** Within `stoppedMs`. */
const LOOKS = 5

/** Watches a process until it ends, and ends it when what listens for it has been stopped by a signal for `stoppedMs`. */
export function endWhenStopped(process: RunningProcess, stoppedMs: number): void {
  let sinceMs: number | null = null
  let isLooking = false
  const look = async () => {
    const isStopped = await process.isStopped()
    if (!isStopped) sinceMs = null
    else sinceMs ??= performance.now()
    if (sinceMs === null || performance.now() - sinceMs < stoppedMs) return
    process.kill(`stopped itself (SIGSTOP) and answered nothing for ${seconds(stoppedMs)}, so it was ended`)
  }
  const timer = setInterval(() => {
    if (isLooking) return
    isLooking = true
    void look().finally(() => (isLooking = false))
  }, stoppedMs / LOOKS)
  void process.exited.then(() => clearInterval(timer))
}
