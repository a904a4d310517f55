import type { SubscriberLink } from './subscriber-link.ts'
import type { Refusal } from '../types.ts'

/** How long a gateway may take to report that it does not know the refusal. */
const ANSWER_MS = 1_000

interface Search {
  readonly waiting: Set<SubscriberLink>
  readonly resolve: (refusal: Refusal | null) => void
}

/** Asks every gateway for one refusal: the one that refused remembers it. */
export class RefusalSearch {
  readonly #searches = new Map<number, Search>()
  #lastId = 0

  /** The first refusal found; null if no gateway has it, or none answers in time. */
  find(refusalId: string, links: Iterable<SubscriberLink>): Promise<Refusal | null> {
    const { promise, resolve } = Promise.withResolvers<Refusal | null>()
    const waiting = new Set([...links].filter(({ isWelcome, isOpen }) => isWelcome && isOpen))
    if (waiting.size === 0) return Promise.resolve(null)
    const id = ++this.#lastId
    const timer = setTimeout(() => resolve(null), ANSWER_MS)
    this.#searches.set(id, { waiting, resolve })
    for (const link of waiting) link.send({ t: 'find-refusal', id, refusalId })
    return promise.finally(() => {
      clearTimeout(timer)
      this.#searches.delete(id)
    })
  }

  answered(link: SubscriberLink, id: number, refusal: Refusal | null): void {
    const search = this.#searches.get(id)
    if (search === undefined) return
    search.waiting.delete(link)
    if (refusal !== null || search.waiting.size === 0) search.resolve(refusal)
  }

  /** A gateway that is gone counts as an answer without a result. */
  left(link: SubscriberLink): void {
    for (const id of this.#searches.keys()) this.answered(link, id, null)
  }
}
