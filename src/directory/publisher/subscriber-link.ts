import type { Socket } from 'node:net'
import { ACK_MS, type ToGateway, type ToPlatform } from '../protocol.ts'
import { JsonLines } from '../json-lines.ts'

export interface SubscriberLinkHandlers {
  readonly onMessage: (link: SubscriberLink, message: Exclude<ToPlatform, { t: 'ack' | 'ping' }>) => void
  readonly onClose: (link: SubscriberLink, cause: unknown) => void
}

interface Waiter {
  readonly version: number
  readonly done: () => void
}

/** The platform's end of one subscriber’s connection: what the subscriber was sent, and what it has acknowledged. */
export class SubscriberLink {
  readonly #lines: JsonLines<ToPlatform, ToGateway>
  readonly #handlers: SubscriberLinkHandlers
  #waiters: Waiter[] = []
  #acked = 0
  #deadline: ReturnType<typeof setTimeout> | null = null
  /** Counts received messages, to tell a silent subscriber from a slow one. */
  #signs = 0
  #isCut = false
  /** The subscriber was welcomed, so that it can apply deltas. */
  isWelcome = false
  /** The subscriber was loaded completely. */
  isLoaded = false

  constructor(socket: Socket, handlers: SubscriberLinkHandlers) {
    this.#handlers = handlers
    this.#lines = new JsonLines(socket, {
      onMessage: (message) => this.#take(message),
      onClose: (cause) => this.#closed(cause),
    })
  }

  /** The subscriber was cut off, and knows that it must not decide any more. */
  get isCut(): boolean {
    return this.#isCut
  }

  get isOpen(): boolean {
    return this.#lines.isOpen && !this.#isCut
  }

  send(message: ToGateway): void {
    this.#lines.send(message)
  }

  whenDrained(): Promise<void> {
    return this.#lines.whenDrained()
  }

  /** Resolves when the subscriber decides from this version or a later one, or has stopped deciding. */
  reached(version: number): Promise<void> {
    if (this.#acked >= version || !this.isOpen) return Promise.resolve()
    return new Promise((done) => {
      this.#waiters.push({ version, done })
      this.#watch()
    })
  }

  /** Ends the connection because this subscriber is too slow. It has stopped deciding when this resolves. */
  cut(): void {
    this.#isCut = true
    this.#lines.sendLast({ t: 'cut' })
    this.#settle(() => true)
  }

  /** Ends the connection because the platform stops. */
  destroy(): void {
    this.#lines.destroy()
  }

  #take(message: ToPlatform): void {
    if (this.#isCut) return
    this.#signs++
    if (message.t === 'ping') return this.send({ t: 'pong', id: message.id })
    if (message.t !== 'ack') return this.#handlers.onMessage(this, message)
    this.#acked = Math.max(this.#acked, message.version)
    this.#settle((waiter) => waiter.version <= this.#acked)
  }

  #closed(cause: unknown): void {
    if (this.#deadline !== null) clearTimeout(this.#deadline)
    this.#settle(() => true)
    this.#handlers.onClose(this, cause)
  }

  #settle(isDone: (waiter: Waiter) => boolean): void {
    const done = this.#waiters.filter(isDone)
    this.#waiters = this.#waiters.filter((waiter) => !isDone(waiter))
    for (const waiter of done) waiter.done()
  }

  /** While an answer is awaited, a subscriber that sends nothing for ACK_MS is cut off. */
  #watch(): void {
    if (this.#deadline !== null) return
    const signs = this.#signs
    this.#deadline = setTimeout(() => {
      // If this process was stalled, the answer may wait in the socket: it is read before the subscriber is cut off.
      setImmediate(() => setImmediate(() => this.#judge(signs)))
    }, ACK_MS)
  }

  #judge(signs: number): void {
    this.#deadline = null
    if (!this.isOpen || this.#waiters.length === 0) return
    if (this.#signs === signs) this.cut()
    else this.#watch()
  }
}
