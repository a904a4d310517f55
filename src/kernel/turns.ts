/**
 * Turns of long searches. In each round of the event loop one of them continues, and collections alternate: many searches at
 * once hold up other calls no longer than one does.
 */
export class Turns {
  /** By collection; the first one is next. */
  readonly #waiting = new Map<string, (() => void)[]>()

  /** Resolves when it is the turn of a search of this collection. */
  take(collectionId: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const isFirst = this.#waiting.size === 0
    const known = this.#waiting.get(collectionId)
    if (known) known.push(resolve)
    else this.#waiting.set(collectionId, [resolve])
    if (isFirst) setImmediate(() => this.#next())
    return promise
  }

  #next(): void {
    const [collectionId, searches] = this.#waiting.entries().next().value!
    this.#waiting.delete(collectionId)
    const resume = searches.shift()!
    if (searches.length > 0) this.#waiting.set(collectionId, searches)
    if (this.#waiting.size > 0) setImmediate(() => this.#next())
    resume()
  }
}
