/** Remembers what was seen for a while, at most `capacity` of them: the oldest are forgotten first. */
export interface ReplayGuard {
  /**
   * Whether `value` may pass: it was seen less than `times` times within its life. The first time it is remembered, until
   * `untilMs`.
   */
  admit(value: string, life: { times: number; untilMs: number }, nowMs: number): boolean
}

interface Seen {
  readonly untilMs: number
  times: number
}

/** Kept in memory alone: a restart forgets what was seen (see `Limits`). */
export function createReplayGuard(capacity: number): ReplayGuard {
  const seenByValue = new Map<string, Seen>()
  return {
    admit: (value, { times, untilMs }, nowMs) => {
      const seen = seenByValue.get(value)
      if (seen && seen.untilMs >= nowMs) {
        if (seen.times >= times) return false
        seen.times += 1
        return true
      }
      seenByValue.delete(value)
      seenByValue.set(value, { untilMs, times: 1 })
      dropStale(seenByValue, capacity, nowMs)
      return true
    },
  }
}

function dropStale(seenByValue: Map<string, Seen>, capacity: number, nowMs: number): void {
  for (const [value, { untilMs }] of seenByValue) {
    if (untilMs >= nowMs && seenByValue.size <= capacity) return
    seenByValue.delete(value)
  }
}
