import type { SubscriberLink } from './subscriber-link.ts'
import type { MicroRef } from '../types.ts'

const ANSWER_MS = 1_000

interface Survey {
  readonly waiting: Set<SubscriberLink>
  readonly found: MicroRef[]
  readonly resolve: (active: readonly MicroRef[] | null) => void
}

/** Asks every gateway which micros are in use. A gateway that does not answer may be carrying a stream. */
export class ActiveMicrosQuery {
  readonly #surveys = new Map<number, Survey>()
  #lastId = 0

  /** Null when fewer than `expected` gateways are connected, or one does not answer in time. */
  ask(links: Iterable<SubscriberLink>, expected: number): Promise<readonly MicroRef[] | null> {
    const waiting = new Set(links)
    const isWhole =
      waiting.size >= expected && [...waiting].every(({ isLoaded, isOpen }) => isLoaded && isOpen)
    if (!isWhole) return Promise.resolve(null)
    if (waiting.size === 0) return Promise.resolve([])
    const { promise, resolve } = Promise.withResolvers<readonly MicroRef[] | null>()
    const id = ++this.#lastId
    const timer = setTimeout(() => resolve(null), ANSWER_MS)
    this.#surveys.set(id, { waiting, found: [], resolve })
    for (const link of waiting) link.send({ t: 'ask-active', id })
    return promise.finally(() => {
      clearTimeout(timer)
      this.#surveys.delete(id)
    })
  }

  answered(link: SubscriberLink, id: number, micros: readonly MicroRef[]): void {
    const survey = this.#surveys.get(id)
    if (survey === undefined || !survey.waiting.delete(link)) return
    survey.found.push(...micros)
    if (survey.waiting.size === 0) survey.resolve(survey.found)
  }

  left(link: SubscriberLink): void {
    for (const { waiting, resolve } of this.#surveys.values()) if (waiting.has(link)) resolve(null)
  }
}
