export interface FairQueueOptions {
  /** Places of all owners together. */
  readonly places: number
  /** Places of one owner. */
  readonly perOwner: number
  /** Tasks of one owner that wait. */
  readonly waiting: number
  readonly waitMs: number
}

/** Call it when the task has ended, once. */
export type Release = () => void

interface Waiter {
  readonly places: number
  readonly begin: (release: Release | null) => void
}

interface Owner {
  readonly id: string
  taken: number
  readonly waiting: Set<Waiter>
}

/**
 * Places for tasks of many owners. Owners that wait take turns, so that an owner with a thousand tasks delays the only
 * task of another by one. No owner can take all places.
 */
export class FairQueue {
  readonly #options: FairQueueOptions
  readonly #owners = new Map<string, Owner>()
  /** Owners with waiting tasks; the first one's turn is next. */
  readonly #turns = new Set<Owner>()
  #taken = 0

  constructor(options: FairQueueOptions) {
    this.#options = options
  }

  /**
   * Takes places for a task, at most as many as one owner may have. Null: too many tasks of this owner wait, or the wait
   * took too long or was aborted. `signal` is asked for only if there is a wait. Not a promise when there is no wait: this is the path of almost every call.
   */
  take(
    ownerId: string,
    wanted: number,
    signal?: () => AbortSignal,
  ): Release | null | Promise<Release | null> {
    const owner = this.#ownerOf(ownerId)
    const places = Math.min(wanted, this.#options.perOwner)
    if (owner.waiting.size === 0 && this.#hasRoom(owner, places)) return this.#begin(owner, places)
    if (owner.waiting.size >= this.#options.waiting) return null
    const ended = signal?.()
    if (ended?.aborted !== true) return this.#wait(owner, places, ended)
    this.#forgetIfIdle(owner)
    return null
  }

  /** Owners of whom something is kept. */
  get size(): number {
    return this.#owners.size
  }

  #ownerOf(id: string): Owner {
    const known = this.#owners.get(id)
    if (known !== undefined) return known
    const owner = { id, taken: 0, waiting: new Set<Waiter>() }
    this.#owners.set(id, owner)
    return owner
  }

  #hasRoom(owner: Owner, places: number): boolean {
    return (
      owner.taken + places <= this.#options.perOwner &&
      (this.#taken + places <= this.#options.places || this.#taken === 0)
    )
  }

  #begin(owner: Owner, places: number): Release {
    owner.taken += places
    this.#taken += places
    return () => {
      owner.taken -= places
      this.#taken -= places
      this.#forgetIfIdle(owner)
      if (this.#turns.size > 0) this.#dispatch()
    }
  }

  #wait(owner: Owner, places: number, signal?: AbortSignal): Promise<Release | null> {
    const { promise, resolve } = Promise.withResolvers<Release | null>()
    const giveUp = () => {
      if (!owner.waiting.delete(waiter)) return
      if (owner.waiting.size === 0) this.#turns.delete(owner)
      this.#forgetIfIdle(owner)
      waiter.begin(null)
      // The tasks behind it may need fewer places.
      this.#dispatch()
    }
    const timer = setTimeout(giveUp, this.#options.waitMs)
    signal?.addEventListener('abort', giveUp, { once: true })
    const waiter: Waiter = {
      places,
      begin(release) {
        clearTimeout(timer)
        signal?.removeEventListener('abort', giveUp)
        resolve(release)
      },
    }
    owner.waiting.add(waiter)
    this.#turns.add(owner)
    return promise
  }

  #dispatch(): void {
    const turns = [...this.#turns]
    for (const owner of turns) {
      const [next] = owner.waiting
      if (next === undefined || !this.#hasRoom(owner, next.places)) continue
      owner.waiting.delete(next)
      // To the end of the turns, if it has more.
      this.#turns.delete(owner)
      if (owner.waiting.size > 0) this.#turns.add(owner)
      next.begin(this.#begin(owner, next.places))
    }
  }

  #forgetIfIdle(owner: Owner): void {
    if (owner.taken === 0 && owner.waiting.size === 0) this.#owners.delete(owner.id)
  }
}
