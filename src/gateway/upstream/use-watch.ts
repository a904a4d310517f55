import { setImmediate as nextTurn } from 'node:timers/promises'

/** Waits for upstreams to become unused. Costs requests nearly nothing while no upstream is waited for. */
export class UseWatch {
  readonly #waiting = new Map<string, (() => void)[]>()

  /** A request or connection has stopped using the upstream. */
  changed(key: string): void {
    if (this.#waiting.size === 0) return
    const waiting = this.#waiting.get(key) ?? []
    this.#waiting.delete(key)
    for (const resolve of waiting) resolve()
  }

  /**
   * For an upstream that gets no new requests. A request that has just received the address, by a wake or for its
   * second attempt, connects within the turn that is waited for here.
   */
  async untilUnused(key: string, isUsed: (key: string) => boolean): Promise<void> {
    await nextTurn()
    while (isUsed(key)) {
      await this.#nextChange(key)
      await nextTurn()
    }
  }

  #nextChange(key: string): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), resolve])
    })
  }
}
