/**
 * Turns of the thread that all collections share, for work that takes milliseconds. In each round of the event loop, one
 * slice of each collection runs: a hundred long queries of one app delay the call of another app by one slice.
 */
export class Turns {
  readonly #waiting = new Map<string, (() => void)[]>()
  #isBetweenRounds = false

  /** Resolves when the collection may use the thread for a few milliseconds. */
  next(collectionId: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const others = this.#waiting.get(collectionId)
    if (others === undefined) this.#waiting.set(collectionId, [resolve])
    else others.push(resolve)
    this.#schedule()
    return promise
  }

  /** Whether slices of the collection wait: a further one must wait behind them. */
  isTaken(collectionId: string): boolean {
    return this.#waiting.has(collectionId)
  }

  #schedule(): void {
    if (this.#isBetweenRounds) return
    this.#isBetweenRounds = true
    setImmediate(() => this.#round())
  }

  #round(): void {
    this.#isBetweenRounds = false
    for (const [collectionId, slices] of this.#waiting) {
      const begin = slices.shift()!
      if (slices.length === 0) this.#waiting.delete(collectionId)
      begin()
    }
    if (this.#waiting.size > 0) this.#schedule()
  }
}
