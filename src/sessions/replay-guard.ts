/** Remembers used values until they expire. */
export interface ReplayGuard {
  /**
   * Whether `value` of `owner` may be used: it was used fewer than `times` times in its lifetime. The first use stores the
   * value until `untilMs`.
   */
  admit(seen: { owner: string; value: string; times: number; untilMs: number }, nowMs: number): boolean
}

interface Memory {
  readonly untilMs: number
  times: number
}

/**
 * In memory only: a restart forgets all values (see `Limits`). Holds `capacity` values at most. When it is full, the owner
 * with the most values loses the oldest one, so that no owner can evict the values of another.
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
      // Moves an existing entry to the end of its map.
      if (values.delete(value)) size -= 1
      values.set(value, { untilMs, times: 1 })
      owners.set(owner, values)
      size += 1
      return true
    },
  }
}
