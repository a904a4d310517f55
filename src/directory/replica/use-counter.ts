import type { UseCount } from '../types.ts'

/**
 * Bound of different rules, keys and sessions that are counted between two reports; uses of further ones are not
 * counted.
 */
const MAX_COUNTED = 10_000

type Use = Pick<UseCount, 'kind' | 'instanceId' | 'id'>

type Counted = { -readonly [Field in keyof UseCount]: UseCount[Field] }

/** Counts uses until they are reported. Unreported uses are lost when the process ends. */
export class UseCounter {
  readonly #counts = new Map<string, Counted>()
  /** Requests come in runs of one page or one key. Comparing with the last use costs a tenth of a look-up. */
  #last: Counted | null = null

  note(use: Use, nowMs: number): void {
    const counted = this.#last !== null && isSame(this.#last, use) ? this.#last : this.#find(use, nowMs)
    this.#last = counted
    if (counted === null) return
    counted.count++
    counted.lastAtMs = nowMs
  }

  #find({ kind, instanceId, id }: Use, nowMs: number): Counted | null {
    const key = `${kind} ${instanceId} ${id}`
    const known = this.#counts.get(key)
    if (known !== undefined) return known
    if (this.#counts.size >= MAX_COUNTED) return null
    const counted = { kind, instanceId, id, count: 0, lastAtMs: nowMs }
    this.#counts.set(key, counted)
    return counted
  }

  /** Everything since the last call. */
  take(): readonly UseCount[] {
    const counts = [...this.#counts.values()]
    this.#counts.clear()
    this.#last = null
    return counts
  }
}

const isSame = (a: Use, b: Use): boolean =>
  a.id === b.id && a.kind === b.kind && a.instanceId === b.instanceId
