import type { UpstreamAddress } from '../types.ts'
import type { SubscriberLink } from './subscriber-link.ts'

interface Drain {
  readonly address: UpstreamAddress
  /** Gateways that have no request under way to the address. */
  readonly drained: Set<SubscriberLink>
  readonly resolve: () => void
}

/**
 * Asks gateways to report when no request is under way to a process that gets no new ones. A gateway that is missing
 * may still carry a request there: its connection to the platform can break without those of its clients.
 */
export class DrainWatch {
  readonly #links: ReadonlySet<SubscriberLink>
  readonly #expected: number
  readonly #drains = new Map<number, Drain>()
  #lastId = 0

  /** `links`: all connected gateways; `expected`: how many there should be. */
  constructor(links: ReadonlySet<SubscriberLink>, expected: number) {
    this.#links = links
    this.#expected = expected
  }

  /** Resolves when every gateway has reported, or when the signal aborts. */
  begin(address: UpstreamAddress, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    if (signal.aborted) return Promise.resolve()
    const id = ++this.#lastId
    this.#drains.set(id, { address, drained: new Set(), resolve })
    const giveUp = () => resolve()
    signal.addEventListener('abort', giveUp)
    for (const link of this.#links) if (link.isLoaded) link.send({ t: 'drain', id, address })
    this.#settle()
    return promise.finally(() => {
      signal.removeEventListener('abort', giveUp)
      this.#drains.delete(id)
    })
  }

  /** The gateway is fully loaded: it is asked as well. */
  joined(link: SubscriberLink): void {
    for (const [id, { address }] of this.#drains) link.send({ t: 'drain', id, address })
  }

  answered(link: SubscriberLink, id: number): void {
    this.#drains.get(id)?.drained.add(link)
    this.#settle()
  }

  left(): void {
    this.#settle()
  }

  #settle(): void {
    const links = [...this.#links]
    if (links.length < this.#expected) return
    for (const { drained, resolve } of this.#drains.values())
      if (links.every((link) => drained.has(link))) resolve()
  }
}
