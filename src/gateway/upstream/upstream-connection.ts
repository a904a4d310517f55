import {
  newBodyReader,
  NO_TRAILERS,
  readResponseHead,
  WIRE_LIMITS,
  type BodyReader,
  type Connection,
  type ConnectionHandler,
  type Field,
  type HeadWriter,
  type ResponseHead,
} from '../../wire/index.ts'
import type { ResponseFailure } from './failure.ts'

/** Receives the events of one response. `onResponseEnd` or `onResponseFailure` comes last, exactly once. */
export interface ResponseListener {
  /** 1xx; more follow. */
  onInterim(head: ResponseHead): void
  onResponseHead(head: ResponseHead): void
  /** A piece of the body: `bytes` from `from` on. */
  onResponseBody(bytes: Buffer, from: number): void
  onResponseEnd(trailers: readonly Field[]): void
  /** All octets of this event have been passed on: what was held back to leave in one piece is sent now. */
  onResponseFlush(): void
  /** 101: the connection is now a raw pipe, and `first` are its first octets. */
  onUpgrade(head: ResponseHead, connection: Connection, first: Buffer): void
  onRequestDrain(): void
  onResponseFailure(failure: ResponseFailure): void
}

type Phase = 'idle' | 'head' | 'body'

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
  #listener: ResponseListener | null = null
  #phase: Phase = 'idle'
  #requestMethod = ''
  #held: Buffer = NOTHING
  #body: BodyReader | null = null
  #interims = 0
  #isSilent = true
  #isRequestSent = false
  #isLast = false
  #endsWithConnection = false

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

  /** Whether no exchange is under way. */
  get isIdle(): boolean {
    return this.#phase === 'idle'
  }

  /**
   * Starts an exchange. The request's octets follow by `write`, its end by `endRequest`. `isLast`: the connection is
   * closed after it.
   */
  begin(listener: ResponseListener, requestMethod: string, isLast: boolean): void {
    this.#listener = listener
    this.#requestMethod = requestMethod
    this.#phase = 'head'
    this.#interims = 0
    this.#isSilent = true
    this.#isRequestSent = false
    this.#isLast = isLast
  }

  write(bytes: Uint8Array): boolean {
    return this.#connection.write(bytes)
  }

  /** Sends the assembled head, and what has arrived of the body. */
  writeHead(out: HeadWriter, body: Buffer): boolean {
    return out.send(this.#connection, body)
  }

  endRequest(): void {
    this.#isRequestSent = true
  }

  pause(): void {
    this.#connection.pause()
  }

  resume(): void {
    this.#connection.resume()
  }

  /** Ends the exchange and drops its response. */
  abandon(): void {
    this.#listener = null
    this.#connection.destroy()
  }

  /** Closes an idle connection. */
  retire(): void {
    this.#connection.close()
  }

  onData(bytes: Buffer): void {
    let rest = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes])
    this.#held = NOTHING
    // Octets without a request would be read as the answer to the next request.
    if (this.#phase === 'idle') return this.#connection.destroy()
    this.#isSilent = false
    while (rest.length > 0 && this.#phase === 'head') {
      const next = this.#readHead(rest)
      if (next === null) return
      rest = next
    }
    if (this.#phase === 'body') rest = this.#readBody(rest)
    else if (rest.length > 0) this.#connection.destroy()
    this.#listener?.onResponseFlush()
  }

  /** The octets behind the head; null if they must not be read now. */
  #readHead(bytes: Buffer): Buffer | null {
    const head = readResponseHead(bytes, this.#requestMethod, this.#maxHeadBytes)
    if (head.kind === 'fault') return this.#fail({ kind: 'malformed', reason: head.reason })
    if (head.kind === 'incomplete') {
      this.#held = bytes
      return null
    }
    if (head.status === 101) return this.#upgrade(head, bytes.subarray(head.byteLength))
    if (head.status < 200) {
      if (++this.#interims > WIRE_LIMITS.interimResponses)
        return this.#fail({ kind: 'malformed', reason: 'too many interim responses' })
      this.#listener!.onInterim(head)
      return bytes.subarray(head.byteLength)
    }
    this.#isLast ||= !head.keepAlive
    const { framing } = head
    this.#endsWithConnection = framing.kind === 'until-close'
    this.#phase = 'body'
    this.#listener!.onResponseHead(head)
    // Most answers arrive completely: they need no reader.
    if (framing.kind === 'length' && framing.length === bytes.length - head.byteLength) {
      this.#listener?.onResponseBody(bytes, head.byteLength)
      this.#finish(NO_TRAILERS, true)
      return NOTHING
    }
    const rest = bytes.subarray(head.byteLength)
    this.#body = framing.kind === 'none' ? null : newBodyReader(framing)
    if (this.#body === null && this.#listener !== null) this.#finish(NO_TRAILERS, rest.length === 0)
    return rest
  }

  #readBody(bytes: Buffer): Buffer {
    if (this.#body === null || bytes.length === 0) return bytes
    const part = this.#body.read(bytes)
    if (part.kind === 'fault') {
      this.#fail({ kind: 'malformed', reason: part.reason })
      return NOTHING
    }
    if (part.payload.length > 0) this.#listener?.onResponseBody(part.payload, 0)
    if (part.kind === 'more') return NOTHING
    this.#finish(part.trailers, part.rest.length === 0)
    return part.rest
  }

  #finish(trailers: readonly Field[], isClean: boolean): void {
    const listener = this.#listener
    const isReusable = isClean && this.#isRequestSent && !this.#isLast && !this.#connection.isBlocked
    this.#listener = null
    this.#body = null
    this.#phase = 'idle'
    // Before the listener is called, so that the next request of the client finds this connection.
    if (isReusable) {
      this.isReused = true
      this.#connection.resume()
      this.#onIdle(this)
    } else if (this.#isRequestSent) this.#connection.close()
    // A reset tells the upstream that the rest of the request will not come.
    else this.#connection.destroy()
    listener?.onResponseEnd(trailers)
    listener?.onResponseFlush()
  }

  #upgrade(head: ResponseHead, first: Buffer): null {
    const listener = this.#listener!
    this.#listener = null
    this.#onPiped(this)
    listener.onUpgrade(head, this.#connection, first)
    return null
  }

  #fail(failure: ResponseFailure): null {
    const listener = this.#listener
    this.#listener = null
    this.#connection.destroy()
    listener?.onResponseFailure(failure)
    return null
  }

  onDrain(): void {
    this.#listener?.onRequestDrain()
  }

  /** The upstream has sent its end. Only a body without a length may end so. */
  onEnd(): void {
    if (this.#phase === 'body' && this.#endsWithConnection) this.#finish(NO_TRAILERS, false)
    else this.#fail({ kind: 'hung-up', isSilent: this.#isSilent })
  }

  onClose(): void {
    this.#onGone(this)
    this.#fail({ kind: 'hung-up', isSilent: this.#isSilent })
  }

  onFailure(error: Error): void {
    this.#fail({ kind: 'internal', cause: error })
  }
}
