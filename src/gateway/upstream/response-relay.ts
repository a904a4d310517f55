import type { Field, ResponseHead } from '../../wire/index.ts'
import type { Exchange } from '../client/exchange.ts'
import type { AnswerHead } from '../client/response-writer.ts'
import type { GatewayContext } from '../context.ts'
import {
  cleanTrailers,
  writeResponseLines,
  writeUpgradeLines,
  type AnsweredRequest,
  type ResponseSource,
} from '../headers/response-headers.ts'
import { writeAnswer } from '../respond/local-responder.ts'
import { changedPage, isReadablePage, type ChangedPage, type PageChange } from '../respond/private-page.ts'
import { answerInsteadOf431 } from '../respond/too-many-cookies.ts'
import { DeclaredLength } from './declared-length.ts'
import type { Upstream } from './upstream.ts'

export interface RelayOptions {
  readonly exchange: Exchange
  readonly upstream: Upstream
  readonly context: GatewayContext
  readonly onWideCookie: AnsweredRequest['onWideCookie']
  readonly pageChange: PageChange
}

interface Withheld {
  readonly kind: 'withheld'
  readonly head: ResponseHead
  readonly change: Exclude<PageChange, 'none'>
}

type State =
  /** What arrives is passed on. */
  | { readonly kind: 'passing' }
  /** The head of a page waits until the first piece of its body has been looked at. */
  | Withheld
  /** The gateway has answered itself: what arrives is dropped. */
  | { readonly kind: 'replaced' }

const PASSING: State = { kind: 'passing' }
const REPLACED: State = { kind: 'replaced' }
const NOTHING = Buffer.alloc(0)

/** Passes one upstream response on to the client, with what the gateway changes about it. */
export class ResponseRelay {
  readonly #options: RelayOptions
  readonly #answered: AnsweredRequest
  #state: State = PASSING
  /** Of a stored file that came without its length. */
  #declared: DeclaredLength | null = null

  constructor(options: RelayOptions) {
    const { request, readableBy } = options.exchange
    this.#options = options
    this.#answered = { hostname: request.hostname, readableBy, onWideCookie: options.onWideCookie }
  }

  interim(head: ResponseHead): void {
    this.#options.exchange.response.interim(this.#answerHead(head))
  }

  head(head: ResponseHead): void {
    const { exchange, context, pageChange } = this.#options
    const instead = head.status === 431 ? answerInsteadOf431(exchange, context.settings.scheme) : null
    if (instead !== null) {
      this.#state = REPLACED
      writeAnswer(exchange.response, instead)
    } else if (pageChange !== 'none' && isReadablePage(head))
      this.#state = { kind: 'withheld', head, change: pageChange }
    else this.#start(head)
  }

  #start(head: ResponseHead): void {
    const { exchange, upstream } = this.#options
    // Never for apps, which could then end their answers early or late.
    const isOurs = upstream.source === 'data' || upstream.source === 'platform'
    this.#declared = isOurs ? DeclaredLength.of(head) : null
    const answer = this.#answerHead(head)
    if (this.#declared === null) exchange.response.start(answer, head.framing)
    else exchange.response.start(this.#declared.addTo(answer), this.#declared.framing)
  }

  /** A piece of the body: `bytes` from `from` on. False: wait for the client to drain before the next one. */
  body(bytes: Buffer, from: number): boolean {
    const state = this.#state
    const { response } = this.#options.exchange
    switch (state.kind) {
      case 'passing':
        if (this.#declared?.isPassedBy(bytes.length - from)) {
          this.#options.exchange.client.abort()
          return true
        }
        return response.write(bytes, from)
      case 'withheld':
        return response.write(this.#sendWithheld(state, bytes.subarray(from)))
      case 'replaced':
        return true
    }
  }

  /** False: the answer is shorter than it said, and the client must be cut. */
  end(trailers: readonly Field[]): boolean {
    if (this.#state.kind === 'withheld') this.#sendWithheld(this.#state, NOTHING)
    if (this.#declared !== null && !this.#declared.isReached) return false
    this.#options.exchange.response.end(cleanTrailers(trailers))
    return true
  }

  /** The 101 that makes the connection a raw pipe. */
  upgrade(head: ResponseHead): void {
    const { statusText, writeLines } = this.#answerHead(head)
    this.#options.exchange.response.upgrade({
      statusText,
      writeLines(out) {
        writeUpgradeLines(out, head)
        writeLines(out)
      },
    })
  }

  /** Starts the response whose body begins with `first`. Returns what to send in place of `first`. */
  #sendWithheld({ head, change }: Withheld, first: Buffer): Buffer {
    this.#state = PASSING
    const { response } = this.#options.exchange
    const changed = changedPage(head, first, change)
    if (changed === null) response.start(this.#answerHead(head), head.framing)
    else response.start(this.#changedHead(changed), changed.framing)
    return changed?.bytes ?? first
  }

  #changedHead(page: ChangedPage): AnswerHead {
    const { statusText, writeLines } = this.#answerHead(page.head)
    return {
      statusText,
      writeLines(out) {
        writeLines(out)
        page.writeLines(out)
      },
    }
  }

  #answerHead(head: ResponseHead): AnswerHead {
    const source = this.#source
    return {
      statusText: head.statusText,
      writeLines: (out) => writeResponseLines(out, head, source, this.#answered),
    }
  }

  get #source(): ResponseSource {
    const { exchange, upstream } = this.#options
    const { source } = upstream
    const isPrivate = source === 'micro' && exchange.grant?.principal.kind !== 'anonymous'
    return isPrivate ? 'private-micro' : source
  }
}
