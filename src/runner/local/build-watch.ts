/** Between two checks of what a build has written: at 1 GB/s, a build can exceed its limit by this much at most. */
const CHECK_MS = 1_000

/**
 * Calls `stop` once `stopWhen` returns true; ends when disposed. The pause between two checks is four times as long as
 * the last check took, and at least a second.
 */
export function periodicCheck(stopWhen: (() => Promise<boolean>) | undefined, stop: () => void): Disposable {
  let timer: Timer | null = null
  let isOver = false
  const check = async () => {
    const beganMs = performance.now()
    const mustStop = await stopWhen!()
    if (isOver) return
    if (mustStop) return stop()
    schedule(4 * (performance.now() - beganMs))
  }
  // A build that cannot be checked must not run.
  const schedule = (ms: number) =>
    (timer = setTimeout(() => void check().catch(stop), Math.max(ms, CHECK_MS)))
  if (stopWhen) schedule(0)
  return {
    [Symbol.dispose]() {
      isOver = true
      if (timer) clearTimeout(timer)
    },
  }
}
