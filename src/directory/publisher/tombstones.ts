import type { DirectoryChange } from '../types.ts'

/** Far more than are deleted while one change is on its way; about 2 MB. */
const REMEMBERED = 16_384

/**
 * Ids that were deleted recently. An addition is committed first and published afterwards, so its deletion may be
 * published in between: an addition that comes after its own deletion is dropped. Ids are random and never reused.
 */
export class Tombstones {
  #recent = new Set<string>()
  #older = new Set<string>()

  /** Returns the changes without late additions, and remembers the ids that they delete. */
  admit(changes: readonly DirectoryChange[]): readonly DirectoryChange[] {
    return changes.filter((change) => {
      switch (change.op) {
        case 'instance.delete':
        case 'session.delete':
        case 'key.delete':
        case 'dataKey.delete':
          this.#remember(change.id)
          return true
        case 'instance.put':
          return !this.#has(change.instance.id)
        case 'session.put':
          return !this.#has(change.session.id) && !this.#has(change.session.instanceId)
        case 'key.put':
          return !this.#has(change.key.id) && !this.#has(change.key.instanceId)
        case 'dataKey.put':
          return !this.#has(change.key.id)
        case 'upstream.set':
          return true
      }
    })
  }

  #has(id: string): boolean {
    return this.#recent.has(id) || this.#older.has(id)
  }

  #remember(id: string): void {
    if (this.#recent.size >= REMEMBERED / 2) {
      this.#older = this.#recent
      this.#recent = new Set()
    }
    this.#recent.add(id)
  }
}
