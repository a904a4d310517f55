import type { MicroRef } from '../types.ts'

interface Call<Answer> extends MicroRef {
  readonly id: number
  readonly answer: Promise<Answer>
  readonly resolve: (answer: Answer) => void
}

/** Pending questions to the platform about micros: one per micro, shared by all callers that wait for it. */
export class MicroCalls<Answer> {
  readonly #send: (call: MicroRef & { readonly id: number }) => void
  readonly #calls = new Map<string, Call<Answer>>()
  #lastId = 0

  constructor(send: (call: MicroRef & { readonly id: number }) => void) {
    this.#send = send
  }

  ask(instanceId: string, micro: string): Promise<Answer> {
    const key = `${instanceId}/${micro}`
    const underWay = this.#calls.get(key)
    if (underWay !== undefined) return underWay.answer
    const { promise, resolve } = Promise.withResolvers<Answer>()
    const call = { id: ++this.#lastId, instanceId, micro, answer: promise, resolve }
    this.#calls.set(key, call)
    this.#ask(call)
    return promise
  }

  answered(id: number, answer: Answer): void {
    for (const [key, call] of this.#calls) {
      if (call.id !== id) continue
      this.#calls.delete(key)
      call.resolve(answer)
    }
  }

  /** Repeats pending questions on a new connection: the platform that was asked may be gone. */
  askAgain(): void {
    for (const call of this.#calls.values()) this.#ask(call)
  }

  answerAll(answer: Answer): void {
    for (const { id } of this.#calls.values()) this.answered(id, answer)
  }

  #ask({ id, instanceId, micro }: Call<Answer>): void {
    this.#send({ id, instanceId, micro })
  }
}
