/**
 * Small numbers for instance ids, so that a record names its instance in four bytes. Reference-counted, and reused. An
 * id is always the same string object, so that comparing it compares references.
 */
export class InstanceNumbers {
  readonly #numbers = new Map<string, number>()
  readonly #ids: string[] = []
  readonly #uses: number[] = []
  readonly #free: number[] = []

  /** Returns the number of an id, and counts one more reference. */
  take(id: string): number {
    const number = this.#numbers.get(id) ?? this.#assign(id)
    this.#uses[number] = (this.#uses[number] ?? 0) + 1
    return number
  }

  /** Counts one reference less. */
  release(number: number): void {
    const left = (this.#uses[number] ?? 0) - 1
    this.#uses[number] = left
    if (left > 0) return
    this.#numbers.delete(this.#ids[number] ?? '')
    this.#ids[number] = ''
    this.#free.push(number)
  }

  numberOf(id: string): number | null {
    return this.#numbers.get(id) ?? null
  }

  /** `''` for a number that is not in use: no instance has this id. */
  idOf(number: number): string {
    return this.#ids[number] ?? ''
  }

  #assign(id: string): number {
    const number = this.#free.pop() ?? this.#ids.length
    this.#ids[number] = id
    this.#uses[number] = 0
    this.#numbers.set(id, number)
    return number
  }
}
