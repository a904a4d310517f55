import { seconds } from './messages.ts'
import type { RunningProcess } from './running-process.ts'

/** Checks within `stoppedMs`. */
const CHECKS = 5

/** Watches a process until it exits. Kills the process when its listeners have been stopped by a signal for `stoppedMs`. */
export function endWhenStopped(process: RunningProcess, stoppedMs: number): void {
  let sinceMs: number | null = null
  let isChecking = false
  const check = async () => {
    const isStopped = await process.isStopped()
    if (!isStopped) sinceMs = null
    else sinceMs ??= performance.now()
    if (sinceMs === null || performance.now() - sinceMs < stoppedMs) return
    process.kill(`was killed: it stopped itself (SIGSTOP) and did not respond for ${seconds(stoppedMs)}`)
  }
  const timer = setInterval(() => {
    if (isChecking) return
    isChecking = true
    void check().finally(() => (isChecking = false))
  }, stoppedMs / CHECKS)
  void process.exited.then(() => clearInterval(timer))
}
