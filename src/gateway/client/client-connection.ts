import { clientAddress } from '../../kernel/client-network.ts'
import {
  newBodyReader,
  NO_TRAILERS,
  type BodyReader,
  type Connection,
  type ConnectionHandler,
  type ParseError,
  type RequestHead,
} from '../../wire/index.ts'
import type { ClientEvents, Timeout } from './client-events.ts'
import type { ClientPort } from './client-port.ts'
import {
  exchangeOf,
  GONE,
  IDLE,
  isAwaitingBody,
  isAwaitingRequest,
  type Busy,
  type ClientState,
  type Idle,
  type ReadingHead,
  type Skipping,
} from './client-state.ts'
import { ClientWaits } from './client-waits.ts'
import { overdue } from './deadlines.ts'
import { newExchange, type Exchange } from './exchange.ts'
import { refusedBody, refusedHead } from './refused-message.ts'
import type { OverlongHead } from './overlong-head.ts'
import { RequestReader } from './request-reader.ts'
import type { Responder } from './responder.ts'

/** One client: reads its requests one after the other, in order, and never reads a byte of one as part of another. */
export class ClientConnection implements ConnectionHandler, ClientPort {
  readonly connection: Connection
  readonly address: string
  readonly #events: ClientEvents
  readonly #waits: ClientWaits
  readonly #reader: RequestReader
  #state: ClientState = { kind: 'head', sinceMs: Date.now(), overlong: null }
  /** The client has sent its end. */
  #isHalfClosed = false
  #isAdvancing = false
  /** The next answer says that it is the last one. */
  #isLast = false
  /** The gateway is shutting down: it does not wait long for a request. */
  #isClosing = false

  constructor(connection: Connection, events: ClientEvents) {
    this.connection = connection
    this.address = clientAddress(connection.remoteAddress) ?? connection.remoteAddress
    this.#events = events
    this.#waits = new ClientWaits(events.limits)
    this.#reader = new RequestReader(events.limits)
  }

  /** The request that is being answered. */
  get exchange(): Exchange | null {
    return exchangeOf(this.#state)
  }

  isServing(request: RequestHead): boolean {
    return this.exchange?.request === request
  }

  onData(bytes: Buffer): void {
    if (this.#state.kind === 'lingering') return
    this.#reader.add(bytes)
    this.advance()
  }

  advance(): void {
    if (this.#isAdvancing) return
    this.#isAdvancing = true
    while (this.#step());
    this.#isAdvancing = false
    if (this.#state.kind === 'gone') return
    if (this.#state.kind === 'busy') this.#state.responder?.onRequestFlush()
    if (this.#isHalfClosed) this.#endHalfClosed()
    if (this.#isFull()) this.connection.pause()
    else this.connection.resume()
  }

  /** Whether no more octets may be kept behind the request that is being answered. */
  #isFull(): boolean {
    if (this.#reader.isEmpty) return false
    if (isAwaitingRequest(this.#state)) return this.connection.isBlocked
    return isAwaitingBody(this.#state) || this.#reader.unread.length >= this.#events.limits.heldBytes
  }

  /** Reads the next head, or the next piece of a body. False: nothing can be read now. */
  #step(): boolean {
    if (this.#reader.isEmpty) return false
    const state = this.#state
    switch (state.kind) {
      case 'idle':
      case 'head':
        // A client that keeps sending requests and takes no answer would fill our memory with answers.
        return !this.connection.isBlocked && this.#readHead(state)
      case 'busy':
        if (state.body === null || state.responder?.canTakeBody !== true) return false
        return this.#readBody(state, state.body, state.responder)
      case 'skipping':
        return this.#skipBody(state)
      case 'lingering':
      case 'gone':
        return false
    }
  }

  #readHead(state: Idle | ReadingHead): boolean {
    const step = this.#reader.readHead(state)
    switch (step.kind) {
      case 'request':
        this.#begin(step)
        return true
      case 'more':
        this.#state = step.state
        return false
      case 'refused':
        this.#refuseHead(step.error, step.overlong)
        return false
    }
  }

  #begin(request: RequestHead): void {
    const exchange = newExchange(this, request, this.#reader.cacheFor(request), this.#events)
    const body = request.framing.kind === 'none' ? null : newBodyReader(request.framing)
    this.#state = { kind: 'busy', exchange, responder: null, body }
    if (this.#isLast) exchange.response.keepAlive = false
    this.#events.serve(exchange)
  }

  respondWith(responder: Responder): void {
    const state = this.#state
    if (state.kind !== 'busy') return responder.onClientGone()
    state.responder = responder
    if (state.body === null) responder.onRequestEnd(NO_TRAILERS)
    else this.advance()
  }

  #readBody(busy: Busy, body: BodyReader, responder: Responder): boolean {
    const part = this.#reader.readBody(body)
    if (part.kind === 'parse-error') {
      responder.onClientGone()
      this.#refuseBody(busy, part)
      return false
    }
    if (part.payload.length > 0) responder.onRequestBody(part.payload)
    if (part.kind === 'end' && this.#state === busy) {
      busy.body = null
      responder.onRequestEnd(part.trailers)
    } else if (part.kind === 'end' && this.#state.kind === 'skipping') this.#becomeIdle()
    return part.kind === 'end'
  }

  #skipBody({ body }: Skipping): boolean {
    const part = this.#reader.readBody(body)
    if (part.kind === 'parse-error') this.abort()
    else if (part.kind === 'end') this.#becomeIdle()
    return part.kind === 'end'
  }

  /** The connection ends with the answer. */
  #refuseHead(error: ParseError | Timeout, overlong: OverlongHead | null): void {
    this.#events.refuseMessage(
      error,
      refusedHead(this.connection, this.#events, this.#reader.unread, overlong),
    )
    this.#linger()
  }

  #refuseBody(busy: Busy, error: ParseError | Timeout): void {
    busy.responder = null
    if (busy.exchange.response.isStarted) return this.abort()
    this.#events.refuseMessage(error, refusedBody(this.connection, this.#events, busy.exchange))
    this.#linger()
  }

  endResponse(): void {
    const state = this.#state
    if (state.kind !== 'busy') return
    const { exchange, body } = state
    // A client that has sent its end may have sent whole requests before it.
    const hasMore = !this.#isHalfClosed || !this.#reader.isEmpty
    if (!exchange.response.keepAlive || !hasMore) return this.#linger()
    if (body === null) return this.#becomeIdle()
    // Many clients look at an answer only after they have sent their whole request.
    this.#state = { kind: 'skipping', exchange, body, sinceMs: Date.now() }
    this.advance()
  }

  #becomeIdle(): void {
    this.#state = IDLE
    this.advance()
  }

  /**
   * Sends our end, and reads for a moment longer: closing while the client is still sending would destroy the answer
   * on its way (RFC 9112, 9.6).
   */
  #linger(): void {
    this.#state = { kind: 'lingering', sinceMs: Date.now() }
    this.#reader.takeAll()
    this.connection.end()
    this.connection.resume()
    if (this.#isHalfClosed) this.#closeWhenSent()
  }

  #closeWhenSent(): void {
    if (!this.connection.isBlocked) this.connection.close()
  }

  abort(): void {
    this.connection.destroy()
  }

  release(): Buffer {
    this.#state = GONE
    this.#events.onReleased(this.connection)
    return this.#reader.takeAll()
  }

  onDrain(): void {
    const state = this.#state
    if (state.kind === 'lingering' && this.#isHalfClosed) this.connection.close()
    else if (isAwaitingRequest(state)) this.advance()
    else if (state.kind === 'busy') state.responder?.onClientDrain()
  }

  onEnd(): void {
    this.#isHalfClosed = true
    if (this.#state.kind === 'lingering') this.#closeWhenSent()
    else this.#endHalfClosed()
  }

  /** An incomplete request will never be completed; a complete one is still answered. */
  #endHalfClosed(): void {
    const isAllRead = this.#reader.isEmpty
    // Whole requests may wait behind an answer that the client has not taken yet.
    if (isAwaitingRequest(this.#state) && (isAllRead || !this.connection.isBlocked)) this.#linger()
    else if (isAwaitingBody(this.#state) && isAllRead) this.abort()
  }

  onClose(): void {
    const responder = this.#state.kind === 'busy' ? this.#state.responder : null
    this.#state = GONE
    this.#reader.takeAll()
    this.#events.onClose(this.connection)
    responder?.onClientGone()
  }

  onFailure(error: Error): void {
    this.#events.onFailure(error, this.exchange?.id ?? null)
  }

  /** Ends what takes too long. Called about once a second. */
  checkDeadlines(nowMs: number): void {
    const wait = this.#waits.check(
      {
        connection: this.connection,
        state: this.#state,
        hasUnreadOctets: !this.#reader.isEmpty,
        isHalfClosed: this.#isHalfClosed,
        isClosing: this.#isClosing,
      },
      nowMs,
    )
    const due = wait === null ? null : overdue(wait, this.#events.limits)
    if (due === 'abort') this.abort()
    else if (due === 'close') this.connection.close()
    else if (due === 'give-up') this.#giveUp(`request ${wait!.for} took too long`)
    if (this.#state.kind === 'busy') this.#state.responder?.onTick(nowMs)
  }

  /** Answers 408 to a request of which nothing more arrives. */
  #giveUp(reason: string): void {
    const timeout = { kind: 'timeout', status: 408, reason } as const
    const state = this.#state
    if (state.kind === 'head') this.#refuseHead(timeout, state.overlong)
    if (state.kind !== 'busy') return
    const { responder } = state
    this.#refuseBody(state, timeout)
    responder?.onClientGone()
  }

  /**
   * Closes the connection as soon as no request is under way. A connection that was just opened may still send its first
   * request: the client, perhaps still in its TLS handshake, does not know yet that we are shutting down.
   */
  closeWhenIdle(): void {
    this.retire()
    this.#isClosing = true
    const isIdle = this.#state.kind === 'idle' && this.#reader.isEmpty
    if (isIdle && !this.connection.isBlocked) this.connection.close()
  }

  /** The next answer says that it is the last one. Until then the client has as long for its request as at any time. */
  retire(): void {
    this.#isLast = true
    // A head that has been sent already promises one more request.
    const response = this.exchange?.response
    if (response?.isStarted === false) response.keepAlive = false
  }
}
