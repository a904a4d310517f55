/** Remembers what was seen for a while. */
export interface ReplayGuard {
  /**
   * Whether `value` of `owner` may pass: it was seen less than `times` times within its life. The first time it is
   * remembered, until `untilMs`.
   */
  admit(seen: { owner: string; value: string; times: number; untilMs: number }, nowMs: number): boolean
}

interface Memory {
  readonly untilMs: number
  times: number
}

/**
 * Kept in memory alone: a restart forgets what was seen (see `Limits`). Holds `capacity` values at most. When it is full, the
 * owner with the most values loses the oldest one, so that no owner makes it forget the values of another.
 */
export function createReplayGuard(capacity: number): ReplayGuard {
  const owners = new Map<string, Map<string, Memory>>()
  let size = 0
  const remove = (owner: string, values: Map<string, Memory>, value: string) => {
    if (values.delete(value)) size -= 1
    if (values.size === 0) owners.delete(owner)
  }
  const dropStale = (nowMs: number) => {
    for (const [owner, values] of owners)
      for (const [value, { untilMs }] of values) {
        if (untilMs >= nowMs) break
        remove(owner, values, value)
      }
  }
  const makeRoom = (nowMs: number) => {
    if (size < capacity) return
    dropStale(nowMs)
    if (size < capacity) return
    const [owner, values] = [...owners].reduce((most, one) => (one[1].size > most[1].size ? one : most))
    const [oldest] = values.keys()
    if (oldest !== undefined) remove(owner, values, oldest)
  }
  return {
    admit: ({ owner, value, times, untilMs }, nowMs) => {
      const memory = owners.get(owner)?.get(value)
      if (memory && memory.untilMs >= nowMs) {
        if (memory.times >= times) return false
        memory.times += 1
        return true
      }
      makeRoom(nowMs)
      const values = owners.get(owner) ?? new Map<string, Memory>()
      // Last in its map, also when it was there before.
      if (values.delete(value)) size -= 1
      values.set(value, { untilMs, times: 1 })
      owners.set(owner, values)
      size += 1
      return true
    },
  }
}
