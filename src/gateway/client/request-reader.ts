import type { BodyPart, BodyReader, RequestHead, RequestHeadLimits } from '../../wire/index.ts'
import type { HeaderCache } from '../headers/header-cache.ts'
import type { Idle, ReadingHead } from './client-state.ts'
import { readHead, type HeadStep } from './read-head.ts'
import { RepeatedHead } from './repeated-head.ts'

const NOTHING = Buffer.alloc(0)

/** The octets of a client that are not read yet, and what reads requests from them. */
export class RequestReader {
  #unread: Buffer = NOTHING
  readonly #repeated = new RepeatedHead()
  readonly #limits: RequestHeadLimits

  constructor(limits: RequestHeadLimits) {
    this.#limits = limits
  }

  get unread(): Buffer {
    return this.#unread
  }

  get isEmpty(): boolean {
    return this.#unread.length === 0
  }

  add(bytes: Buffer): void {
    this.#unread = this.#unread.length === 0 ? bytes : Buffer.concat([this.#unread, bytes])
  }

  /** Removes all octets and returns them. */
  takeAll(): Buffer {
    const unread = this.#unread
    this.#unread = NOTHING
    return unread
  }

  /** Reads the next head. A refused one stays unread. */
  readHead(state: Idle | ReadingHead): HeadStep {
    const unread = this.#unread
    const step = readHead(state, unread, this.#repeated.request, this.#limits)
    if (step.kind === 'more') this.#unread = step.unread
    else if (step.kind === 'request')
      this.#unread = step.byteLength === unread.length ? NOTHING : unread.subarray(step.byteLength)
    return step
  }

  /** Reads the next piece of a body. Octets behind the body stay unread. */
  readBody(body: BodyReader): BodyPart {
    const part = body.read(this.#unread)
    this.#unread = part.kind === 'end' ? part.rest : NOTHING
    return part
  }

  cacheFor(request: RequestHead): HeaderCache {
    return this.#repeated.cacheFor(request)
  }
}
