/**
 * Small numbers for instance ids, so that a record names its instance in four bytes. Counted, and used again. All who ask
 * for an id get the same string, which is compared without being looked at.
 */
export class InstanceNumbers {
  readonly #numbers = new Map<string, number>()
  readonly #ids: string[] = []
  readonly #uses: number[] = []
  readonly #free: number[] = []

  /** The number of an id, for one more that has it. */
  take(id: string): number {
    const number = this.#numbers.get(id) ?? this.#assign(id)
    this.#uses[number] = (this.#uses[number] ?? 0) + 1
    return number
  }

  /** One less. */
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
