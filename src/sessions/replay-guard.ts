/** Remembers what was seen for a while, at most `capacity` of them: the oldest are forgotten first. */
export interface ReplayGuard {
  /** False when `value` was seen within its life; otherwise remembers it until `untilMs`. */
  admit(value: string, untilMs: number, nowMs: number): boolean
}

/** Kept in memory alone: a restart forgets what was seen (see `Limits`). */
export function createReplayGuard(capacity: number): ReplayGuard {
  const untilByValue = new Map<string, number>()
  return {
    admit: (value, untilMs, nowMs) => {
      const seenUntilMs = untilByValue.get(value)
      if (seenUntilMs !== undefined && seenUntilMs >= nowMs) return false
      untilByValue.delete(value)
      untilByValue.set(value, untilMs)
      dropStale(untilByValue, capacity, nowMs)
      return true
    },
  }
}

function dropStale(untilByValue: Map<string, number>, capacity: number, nowMs: number): void {
  for (const [value, untilMs] of untilByValue) {
    if (untilMs >= nowMs && untilByValue.size <= capacity) return
    untilByValue.delete(value)
  }
}
