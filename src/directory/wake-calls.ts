import type { ToPlatform } from './channel.ts'
import type { WakeResult } from './types.ts'

interface Call {
  readonly id: number
  readonly instanceId: string
  readonly micro: string
  readonly answer: Promise<WakeResult>
  readonly resolve: (result: WakeResult) => void
}

/** Requests for sleeping micros that are under way: one per micro, however many callers wait for it. */
export class WakeCalls {
  readonly #send: (message: ToPlatform) => void
  readonly #calls = new Map<string, Call>()
  #lastId = 0

  constructor(send: (message: ToPlatform) => void) {
    this.#send = send
  }

  wake(instanceId: string, micro: string): Promise<WakeResult> {
    const key = `${instanceId}/${micro}`
    const underWay = this.#calls.get(key)
    if (underWay !== undefined) return underWay.answer
    const { promise, resolve } = Promise.withResolvers<WakeResult>()
    const call = { id: ++this.#lastId, instanceId, micro, answer: promise, resolve }
    this.#calls.set(key, call)
    this.#ask(call)
    return promise
  }

  answered(id: number, result: WakeResult): void {
    for (const [key, call] of this.#calls) {
      if (call.id !== id) continue
      this.#calls.delete(key)
      call.resolve(result)
    }
  }

  /** A new connection: the platform that was asked may be gone. */
  askAgain(): void {
    for (const call of this.#calls.values()) this.#ask(call)
  }

  failAll(message: string): void {
    for (const { id } of this.#calls.values()) {
      this.answered(id, { kind: 'failed', reason: 'unavailable', message, logTail: '' })
    }
  }

  #ask({ id, instanceId, micro }: Call): void {
    this.#send({ t: 'wake', id, instanceId, micro })
  }
}
