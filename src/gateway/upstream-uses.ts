import { setImmediate as nextTurn } from 'node:timers/promises'

/** Which upstreams have something under way: a connection being opened, an exchange, or a tunnel. */
export class UpstreamUses {
  /** The upstream's key by what uses it. */
  readonly #users = new Map<object, string>()
  readonly #counts = new Map<string, number>()
  readonly #waiting = new Map<string, (() => void)[]>()

  begin(user: object, key: string): void {
    if (this.#users.has(user)) return
    this.#users.set(user, key)
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
  }

  /** Does nothing for what uses nothing. */
  end(user: object): void {
    const key = this.#users.get(user)
    if (key === undefined) return
    this.#users.delete(user)
    const left = this.#counts.get(key)! - 1
    if (left > 0) return void this.#counts.set(key, left)
    this.#counts.delete(key)
    const waiting = this.#waiting.get(key) ?? []
    this.#waiting.delete(key)
    for (const resolve of waiting) resolve()
  }

  /**
   * Resolves when nothing is under way to an upstream that gets no new requests. A request that has just learned the
   * address, from a wake or for its second attempt, connects within the turn that is waited for.
   */
  async whenUnused(key: string): Promise<void> {
    await nextTurn()
    while (this.#counts.has(key)) {
      await this.#nextEnd(key)
      await nextTurn()
    }
  }

  #nextEnd(key: string): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), resolve])
    })
  }
}
