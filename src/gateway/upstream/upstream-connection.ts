import {
  newBodyReader,
  NO_TRAILERS,
  readResponseHead,
  WIRE_LIMITS,
  type Connection,
  type ConnectionHandler,
  type Field,
  type HeadWriter,
  type ResponseHead,
} from '../../wire/index.ts'
import type { ResponseFailure } from './failure.ts'
import type { ResponseListener } from './response-listener.ts'
import {
  exchangeIn,
  IDLE,
  OVER,
  type ReadingBody,
  type ReadingHead,
  type UpstreamExchange,
  type UpstreamState,
} from './upstream-state.ts'

const NOTHING = Buffer.alloc(0)

/** One connection to an upstream: carries one exchange at a time and reads its response. */
export class UpstreamConnection implements ConnectionHandler {
  /** Whether the connection has carried an exchange before: the upstream may just be closing it. */
  isReused = false
  idleSinceMs = 0
  readonly #connection: Connection
  readonly #onIdle: (connection: UpstreamConnection) => void
  readonly #onGone: (connection: UpstreamConnection) => void
  readonly #onPiped: (connection: UpstreamConnection) => void
  readonly #maxHeadBytes: number
  /** Key of its address. */
  readonly key: string
  #state: UpstreamState = IDLE

  constructor(
    connection: Connection,
    events: {
      readonly key: string
      readonly maxHeadBytes: number
      /** The connection can carry the next exchange. */
      readonly onIdle: (connection: UpstreamConnection) => void
      readonly onGone: (connection: UpstreamConnection) => void
      /** The connection has become a raw pipe. */
      readonly onPiped: (connection: UpstreamConnection) => void
    },
  ) {
    this.#connection = connection
    this.#onIdle = events.onIdle
    this.#onGone = events.onGone
    this.#onPiped = events.onPiped
    this.key = events.key
    this.#maxHeadBytes = events.maxHeadBytes
  }

  get isBlocked(): boolean {
    return this.#connection.isBlocked
  }

  get isClosed(): boolean {
    return this.#connection.isClosed
  }

  /** Whether an exchange is under way. */
  get isBusy(): boolean {
    return exchangeIn(this.#state) !== null
  }

  /**
   * Starts an exchange. The request's octets follow by `write`, its end by `endRequest`. `isLast`: the connection is
   * closed after it.
   */
  begin(listener: ResponseListener, requestMethod: string, isLast: boolean): void {
    const exchange = { listener, requestMethod, isRequestSent: false, isLast }
    this.#state = { kind: 'head', exchange, held: NOTHING, interims: 0, isSilent: true }
  }

  write(bytes: Uint8Array): boolean {
    return this.#connection.write(bytes)
  }

  /** Sends the assembled head, and what has arrived of the body. */
  writeHead(out: HeadWriter, body: Buffer): boolean {
    return out.send(this.#connection, body)
  }

  endRequest(): void {
    const exchange = exchangeIn(this.#state)
    if (exchange !== null) exchange.isRequestSent = true
  }

  pause(): void {
    this.#connection.pause()
  }

  resume(): void {
    this.#connection.resume()
  }

  /** Ends the exchange and drops its response. */
  abandon(): void {
    this.#state = OVER
    this.#connection.destroy()
  }

  /** Closes an idle connection. */
  retire(): void {
    this.#connection.close()
  }

  onData(bytes: Buffer): void {
    const rest = this.#state.kind === 'head' ? this.#readHeads(this.#state, bytes) : bytes
    if (rest === null) return
    const state = this.#state
    if (state.kind === 'body') this.#readBody(state, rest)
    // Octets without a request would be read as the answer to the next request.
    else if (rest.length > 0) this.#connection.destroy()
    exchangeIn(this.#state)?.listener.onResponseFlush()
  }

  /** Reads interim heads and the one after them. The octets behind it; null if they must not be read now. */
  #readHeads(state: ReadingHead, bytes: Buffer): Buffer | null {
    let rest: Buffer | null = state.held.length === 0 ? bytes : Buffer.concat([state.held, bytes])
    state.held = NOTHING
    state.isSilent = false
    while (rest !== null && rest.length > 0 && this.#state === state) rest = this.#readHead(state, rest)
    return rest
  }

  #readHead(state: ReadingHead, bytes: Buffer): Buffer | null {
    const head = readResponseHead(bytes, state.exchange.requestMethod, this.#maxHeadBytes)
    if (head.kind === 'parse-error') return this.#fail({ kind: 'malformed', reason: head.reason })
    if (head.kind === 'incomplete') {
      state.held = bytes
      return null
    }
    if (head.status === 101) return this.#upgrade(state, head, bytes.subarray(head.byteLength))
    if (head.status >= 200) return this.#beginResponse(state, head, bytes)
    if (++state.interims > WIRE_LIMITS.interimResponses)
      return this.#fail({ kind: 'malformed', reason: 'too many interim responses' })
    state.exchange.listener.onInterim(head)
    return bytes.subarray(head.byteLength)
  }

  /** The octets of the body that are still to be read. */
  #beginResponse(state: ReadingHead, head: ResponseHead, bytes: Buffer): Buffer {
    const { exchange } = state
    const { framing } = head
    exchange.isLast ||= !head.keepAlive
    exchange.listener.onResponseHead(head)
    // The listener may have abandoned the exchange.
    if (this.#state !== state) return NOTHING
    // Most answers arrive completely: they need no reader.
    if (framing.kind === 'length' && framing.length === bytes.length - head.byteLength) {
      exchange.listener.onResponseBody(bytes, head.byteLength)
      if (this.#state === state) this.#finish(exchange, NO_TRAILERS, true)
      return NOTHING
    }
    const rest = bytes.subarray(head.byteLength)
    if (framing.kind === 'none') this.#finish(exchange, NO_TRAILERS, rest.length === 0)
    else {
      const endsWithConnection = framing.kind === 'until-close'
      this.#state = { kind: 'body', exchange, body: newBodyReader(framing), endsWithConnection }
    }
    return rest
  }

  #readBody(state: ReadingBody, bytes: Buffer): void {
    if (bytes.length === 0) return
    const part = state.body.read(bytes)
    if (part.kind === 'parse-error') return void this.#fail({ kind: 'malformed', reason: part.reason })
    if (part.payload.length > 0) state.exchange.listener.onResponseBody(part.payload, 0)
    if (part.kind === 'end' && this.#state === state)
      this.#finish(state.exchange, part.trailers, part.rest.length === 0)
  }

  #finish(exchange: UpstreamExchange, trailers: readonly Field[], isClean: boolean): void {
    const { listener, isRequestSent, isLast } = exchange
    const isReusable = isClean && isRequestSent && !isLast && !this.#connection.isBlocked
    this.#state = isReusable ? IDLE : OVER
    // Before the listener is called, so that the next request of the client finds this connection.
    if (isReusable) {
      this.isReused = true
      this.#connection.resume()
      this.#onIdle(this)
    } else if (isRequestSent) this.#connection.close()
    // A reset tells the upstream that the rest of the request will not come.
    else this.#connection.destroy()
    listener.onResponseEnd(trailers)
    listener.onResponseFlush()
  }

  #upgrade({ exchange }: ReadingHead, head: ResponseHead, first: Buffer): null {
    this.#state = OVER
    this.#onPiped(this)
    exchange.listener.onUpgrade(head, this.#connection, first)
    return null
  }

  #fail(failure: ResponseFailure): null {
    const exchange = exchangeIn(this.#state)
    this.#state = OVER
    this.#connection.destroy()
    exchange?.listener.onResponseFailure(failure)
    return null
  }

  onDrain(): void {
    exchangeIn(this.#state)?.listener.onRequestDrain()
  }

  /** The upstream has sent its end. Only a body without a length may end so. */
  onEnd(): void {
    const state = this.#state
    if (state.kind === 'body' && state.endsWithConnection) this.#finish(state.exchange, NO_TRAILERS, false)
    else this.#hangUp()
  }

  onClose(): void {
    this.#onGone(this)
    this.#hangUp()
  }

  #hangUp(): void {
    this.#fail({ kind: 'hung-up', isSilent: this.#state.kind === 'head' && this.#state.isSilent })
  }

  onFailure(error: Error): void {
    this.#fail({ kind: 'internal', cause: error })
  }
}
