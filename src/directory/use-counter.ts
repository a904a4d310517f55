import type { UseCount } from './types.ts'

/** Different rules, keys and sessions that are counted between two reports; uses of others are not counted. */
const MAX_COUNTED = 10_000

type Use = Pick<UseCount, 'kind' | 'instanceId' | 'id'>

/** Counts uses until they are reported. What is lost with the process is lost. */
export class UseCounter {
  #counts = new Map<string, { -readonly [Field in keyof UseCount]: UseCount[Field] }>()

  note({ kind, instanceId, id }: Use, nowMs: number): void {
    const key = `${kind} ${instanceId} ${id}`
    const counted = this.#counts.get(key)
    if (counted !== undefined) {
      counted.count++
      counted.lastAtMs = nowMs
    } else if (this.#counts.size < MAX_COUNTED) {
      this.#counts.set(key, { kind, instanceId, id, count: 1, lastAtMs: nowMs })
    }
  }

  /** Everything since the last time. */
  take(): readonly UseCount[] {
    const counts = [...this.#counts.values()]
    this.#counts.clear()
    return counts
  }
}
